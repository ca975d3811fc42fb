/** A slice whose outline would help the next run, and why. */
export interface OutlineHint {
  sliceIndex: number;
  reason:
    | { kind: 'end' }
    /** Between two outlined slices. */
    | { kind: 'gap'; after: number; before: number }
    | { kind: 'unsure'; confidence: number };
}

/** If the outermost outline has more than this share of the largest area, the structure goes on. */
const END_AREA = 0.3;
/** Smaller gaps between outlines get no hint. */
const SMALLEST_GAP = 3;
/** Slices with a higher expected Dice get no hint. */
const SURE = 0.85;
const MOST = 2;

/**
 * Where the next outline helps most: first beyond an outermost outline where the structure has not ended,
 * then in the widest gap, then on the least sure slice.
 *
 * @param outlined slice index -> voxels of the structure there, as a person drew it
 * @param range first and last slice to segment, inclusive
 * @param confidences slice index -> expected Dice of found slices without a decision
 * @param absent slices on which the user says that the structure is not: it ends before them
 * @returns at most two, the most helpful first
 */
export function outlineHints(
  outlined: ReadonlyMap<number, number>,
  range: { from: number; to: number },
  confidences: ReadonlyMap<number, number> = new Map(),
  absent: readonly number[] = [],
): OutlineHint[] {
  const slices = [...outlined.keys()].sort((a, b) => a - b);
  if (slices.length === 0) return [];
  const gaps = slices
    .slice(1)
    .map((before, i) => ({ after: slices[i], before }))
    .sort((a, b) => b.before - b.after - (a.before - a.after));
  const hints: OutlineHint[] = [
    ...endHints(outlined, slices, {
      from: Math.max(range.from, ...absent.filter(index => index < slices[0]).map(i => i + 1)),
      to: Math.min(range.to, ...absent.filter(index => index > slices.at(-1)!).map(i => i - 1)),
    }),
    ...gaps
      .filter(({ after, before }) => before - after > SMALLEST_GAP)
      .map(gap => ({
        sliceIndex: Math.round((gap.after + gap.before) / 2),
        reason: { kind: 'gap' as const, ...gap },
      })),
    ...[...confidences]
      .filter(([slice, confidence]) => confidence < SURE && !outlined.has(slice))
      .sort(([, a], [, b]) => a - b)
      .map(([sliceIndex, confidence]) => ({
        sliceIndex,
        reason: { kind: 'unsure' as const, confidence },
      })),
  ];
  // A slice is named once, for the first reason.
  const isFirst = ({ sliceIndex }: OutlineHint, i: number) =>
    hints.findIndex(hint => hint.sliceIndex === sliceIndex) === i;
  return hints
    .filter((hint, i) => isFirst(hint, i) && !absent.includes(hint.sliceIndex))
    .slice(0, MOST);
}

function endHints(
  outlined: ReadonlyMap<number, number>,
  slices: number[],
  { from, to }: { from: number; to: number },
): OutlineHint[] {
  const largest = Math.max(...outlined.values());
  const first = slices[0];
  const last = slices[slices.length - 1];
  // One average outline distance beyond the outermost outline.
  const step = Math.max(2, Math.round((last - first) / Math.max(1, slices.length - 1)));
  const goesOn = (slice: number) => outlined.get(slice)! > END_AREA * largest;
  const ends: { outline: number; sliceIndex: number }[] = [];
  if (goesOn(first) && first > from) {
    ends.push({ outline: first, sliceIndex: Math.max(from, first - step) });
  }
  if (goesOn(last) && last < to) {
    ends.push({ outline: last, sliceIndex: Math.min(to, last + step) });
  }
  return ends
    .sort((a, b) => outlined.get(b.outline)! - outlined.get(a.outline)!)
    .map(({ sliceIndex }) => ({ sliceIndex, reason: { kind: 'end' } }));
}
