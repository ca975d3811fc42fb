import { memo } from 'react';
import { sureness } from '../session/sureness';
import type { Caveat } from '../session/state';
import type { SliceState } from './sliceStates';

/** Up to this many slices, each gets its own cell with a gap; beyond it, equal neighbors merge. */
export const MOST_SEPARATE_CELLS = 64;

/** Merges adjacent equal looks into runs. */
export function runsOf(looks: string[]): { look: string; length: number }[] {
  const runs: { look: string; length: number }[] = [];
  for (const look of looks) {
    const last = runs[runs.length - 1];
    if (last?.look === look) last.length++;
    else runs.push({ look, length: 1 });
  }
  return runs;
}

const CAVEAT_LOOKS: Record<Caveat, string> = {
  extrapolated: 'fs-beyond',
  'no-promise': 'fs-no-promise',
};

/**
 * Class names of a cell: its state, and its sureness while it awaits a decision. A caveat has its own
 * pattern, which stays when the slice is accepted.
 */
export function cellLook(
  state: SliceState,
  confidence: number | null | undefined,
  caveat: Caveat | null = null,
): string {
  if (caveat && (state === 'predicted' || state === 'accepted')) {
    return `fs-${state} ${CAVEAT_LOOKS[caveat]}`;
  }
  const known = state === 'predicted' && confidence !== null && confidence !== undefined;
  return known ? `fs-predicted fs-sure-${sureness(confidence)}` : `fs-${state}`;
}

/** The cells of a slice strip. Height and shape show the state, not only color. */
export const SliceCells = memo(function SliceCells(props: {
  states: SliceState[];
  confidences?: (number | null)[];
  caveats?: (Caveat | null)[];
}) {
  const { states, confidences, caveats } = props;
  const looks = states.map((state, i) => cellLook(state, confidences?.[i], caveats?.[i]));
  const separate = states.length <= MOST_SEPARATE_CELLS;
  const cells = separate ? looks.map(look => ({ look, length: 1 })) : runsOf(looks);
  return (
    <>
      <div className={separate ? 'fs-cells fs-cells-separate' : 'fs-cells'}>
        {cells.map(({ look, length }, i) => (
          <span key={i} className={`fs-cell ${look}`} style={{ flexGrow: length }} />
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
