import { memo } from 'react';
import type { SliceState } from './sliceStates';

/** Up to here every slice gets a cell of its own with a gap; beyond, equal neighbours join. */
export const MOST_SEPARATE_CELLS = 64;

/** Neighbours of equal state as one run, in their order. */
export function runsOf(states: SliceState[]): { state: SliceState; length: number }[] {
  const runs: { state: SliceState; length: number }[] = [];
  for (const state of states) {
    const last = runs[runs.length - 1];
    if (last?.state === state) last.length++;
    else runs.push({ state, length: 1 });
  }
  return runs;
}

/** The marks of a slice strip: their height tells the state, not only their colour. */
export const SliceCells = memo(function SliceCells({ states }: { states: SliceState[] }) {
  const separate = states.length <= MOST_SEPARATE_CELLS;
  const cells = separate ? states.map(state => ({ state, length: 1 })) : runsOf(states);
  return (
    <>
      <div className={separate ? 'fs-cells fs-cells-separate' : 'fs-cells'}>
        {cells.map(({ state, length }, i) => (
          <span key={i} className={`fs-cell fs-${state}`} style={{ flexGrow: length }} />
        ))}
      </div>
      {states.map((state, i) =>
        state === 'drawn' ? (
          <span
            key={i}
            className="fs-pin"
            style={{ left: `${((i + 0.5) / states.length) * 100}%` }}
          />
        ) : null,
      )}
    </>
  );
});
