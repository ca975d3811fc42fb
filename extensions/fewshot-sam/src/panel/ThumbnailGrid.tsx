import { useState, type KeyboardEvent } from 'react';
import type { Preview } from '../session/state';
import { CheckIcon, PlusIcon } from './icons';
import { Thumbnail } from './Thumbnail';
import { CAVEAT_WORDS } from './sliceStates';
import { diceWords, sliceNumber } from './words';

const STEPS: Record<string, number> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: -Infinity,
  End: Infinity,
};

/** Pictures of slices; a click shows the slice. One tab stop; arrow keys move between pictures. */
export function ThumbnailGrid(props: {
  label: string;
  items: (Preview & { excluded?: boolean })[];
  /** If given, slices can be excluded from the few-shot set and put back. */
  exclude?(sliceIndex: number, excluded: boolean): void;
  color: [number, number, number];
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { label, items, color, currentSlice, goToSlice, exclude } = props;
  const [focused, setFocused] = useState(0);
  const tabStop = Math.min(focused, items.length - 1);

  const move = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.max(0, Math.min(items.length - 1, tabStop + step));
    setFocused(next);
    event.currentTarget.querySelectorAll<HTMLElement>('.fs-thumbnail')[next]?.focus();
  };

  return (
    <ul className="fs-thumbnails" aria-label={label} onKeyDown={move}>
      {items.map(({ sliceIndex, thumbnail, confidence, caveat, excluded }, position) => (
        <li key={sliceIndex} className={excluded ? 'fs-left-out' : undefined}>
          <button
            type="button"
            className="fs-thumbnail"
            tabIndex={position === tabStop ? 0 : -1}
            aria-label={[
              `Go to slice ${sliceNumber(sliceIndex)}`,
              ...(caveat ? [CAVEAT_WORDS[caveat]] : []),
              ...(confidence === undefined ? [] : [`expected Dice ${diceWords(confidence)}`]),
              ...(excluded ? ['left out of the set'] : []),
            ].join(', ')}
            aria-current={sliceIndex === currentSlice || undefined}
            onFocus={() => setFocused(position)}
            onClick={() => goToSlice(sliceIndex)}
          >
            <Thumbnail thumbnail={thumbnail} color={color} />
            <span className="fs-thumbnail-number">{sliceNumber(sliceIndex)}</span>
            {confidence !== undefined && (
              <span className="fs-thumbnail-number fs-thumbnail-sure">{diceWords(confidence)}</span>
            )}
            {caveat && (
              <span className={`fs-thumbnail-caveat fs-thumbnail-${caveat}`}>
                {caveat === 'extrapolated' ? 'beyond' : CAVEAT_WORDS[caveat]}
              </span>
            )}
            {excluded && <span className="fs-thumbnail-out">left out</span>}
          </button>
          {exclude && (
            <button
              type="button"
              className="fs-thumbnail-toggle"
              tabIndex={position === tabStop ? 0 : -1}
              aria-pressed={!excluded}
              aria-label={`Learn from slice ${sliceNumber(sliceIndex)}`}
              title={
                excluded
                  ? `Learns from slice ${sliceNumber(sliceIndex)} again`
                  : `Leaves slice ${sliceNumber(sliceIndex)} out of learning; its outline stays`
              }
              onFocus={() => setFocused(position)}
              onClick={() => exclude(sliceIndex, !excluded)}
            >
              {excluded ? <PlusIcon /> : <CheckIcon />}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
