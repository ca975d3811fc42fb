import { useState, type KeyboardEvent } from 'react';
import type { Preview } from '../session/state';
import { Thumbnail } from './Thumbnail';
import { diceWords, sliceNumber } from './words';

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/** Pictures of slices; a click shows the slice. One tab stop, arrow keys move inside. */
export function ThumbnailGrid(props: {
  label: string;
  items: Preview[];
  color: [number, number, number];
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { label, items, color, currentSlice, goToSlice } = props;
  const [focused, setFocused] = useState(0);
  const tabStop = Math.min(focused, items.length - 1);

  const move = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(items.length - 1, tabStop + step));
    setFocused(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };

  return (
    <ul className="fs-thumbnails" aria-label={label} onKeyDown={move}>
      {items.map(({ sliceIndex, thumbnail, confidence }, position) => (
        <li key={sliceIndex}>
          <button
            type="button"
            className="fs-thumbnail"
            tabIndex={position === tabStop ? 0 : -1}
            aria-label={`Go to slice ${sliceNumber(sliceIndex)}${confidence === undefined ? '' : `, expected overlap ${diceWords(confidence)}`}`}
            aria-current={sliceIndex === currentSlice || undefined}
            onFocus={() => setFocused(position)}
            onClick={() => goToSlice(sliceIndex)}
          >
            <Thumbnail thumbnail={thumbnail} color={color} />
            <span className="fs-thumbnail-number">{sliceNumber(sliceIndex)}</span>
            {confidence !== undefined && (
              <span className="fs-thumbnail-number fs-thumbnail-sure">{diceWords(confidence)}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
