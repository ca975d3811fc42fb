import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Caveat } from '../session/state';
import { css, visibleColor } from './color';
import { MOST_SEPARATE_CELLS, SliceCells } from './SliceCells';
import { CAVEAT_WORDS, STATE_WORDS, type SliceState } from './sliceStates';
import { sliceNumber } from './words';

/** The slice under a pointer, 0-based. `fraction` runs from 0 (left end) to 1 (right end). */
export function sliceAt(fraction: number, sliceCount: number): number {
  return Math.max(0, Math.min(sliceCount - 1, Math.floor(fraction * sliceCount)));
}

/** Target slice of a key; null for other keys. Down goes forward, as in the viewer. */
export function sliceAfterKey(key: string, current: number, sliceCount: number): number | null {
  const page = Math.max(2, Math.round(sliceCount / 10));
  const targets: Record<string, number> = {
    ArrowRight: current + 1,
    ArrowDown: current + 1,
    ArrowLeft: current - 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: sliceCount - 1,
  };
  return key in targets ? Math.max(0, Math.min(sliceCount - 1, targets[key])) : null;
}

/** A slider with one cell per slice of the series that shows its state and the slice shown. */
export function SliceStrip(props: {
  label: string;
  states: SliceState[];
  /** Expected Dice per slice where known; colors the slices that await a decision. */
  confidences?: (number | null)[];
  /** Caveat per slice; gives the cell its own pattern. */
  caveats?: (Caveat | null)[];
  words?: Record<SliceState, string>;
  color: [number, number, number];
  currentSlice: number | null;
  goToSlice(sliceIndex: number): void;
}) {
  const { label, states, confidences, caveats, color, currentSlice, goToSlice } = props;
  const { words = STATE_WORDS } = props;
  const [hovered, setHovered] = useState<number | null>(null);
  const count = states.length;
  const shown = hovered ?? currentSlice;
  const text = (index: number) => {
    const caveat = caveats?.[index];
    const isFound = ['predicted', 'accepted', 'rejected'].includes(states[index]);
    return `Slice ${sliceNumber(index)} of ${count}, ${words[states[index]]}${caveat && isFound ? `, ${CAVEAT_WORDS[caveat]}` : ''}`;
  };

  const under = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return sliceAt((event.clientX - left) / width, count);
  };
  const press = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture?.(event.pointerId);
    goToSlice(under(event));
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const index = under(event);
    setHovered(index);
    if (event.buttons === 1 && index !== currentSlice) goToSlice(index);
  };
  const key = (event: KeyboardEvent) => {
    const target = sliceAfterKey(event.key, currentSlice ?? 0, count);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    goToSlice(target);
  };

  return (
    <div className="fs-strip" style={{ '--fs-segment': css(visibleColor(color)) } as object}>
      <div
        className="fs-strip-track"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={count}
        aria-valuenow={sliceNumber(currentSlice ?? 0)}
        aria-valuetext={
          currentSlice === null ? 'The viewer shows no slice of this series' : text(currentSlice)
        }
        onPointerDown={press}
        onPointerMove={drag}
        onPointerLeave={() => setHovered(null)}
        onKeyDown={key}
      >
        <SliceCells states={states} confidences={confidences} caveats={caveats} />
        {currentSlice !== null && (
          <span
            className={count <= MOST_SEPARATE_CELLS ? 'fs-current fs-current-cell' : 'fs-current'}
            style={{ left: `${(currentSlice / count) * 100}%`, width: `${100 / count}%` }}
          />
        )}
      </div>
      <div className="fs-strip-scale" aria-hidden="true">
        <span>1</span>
        <span className="fs-strip-readout">
          {shown === null ? '' : text(shown).replace(` of ${count}`, '')}
        </span>
        <span>{count}</span>
      </div>
    </div>
  );
}
