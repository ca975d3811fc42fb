import { FewshotError } from '../platform/errors';
import { outlined } from '../job/checkJob';
import type { Mask, Slice } from '../image/slice';
import { slicesBeyond } from './reach';

/**
 * Returns labeled and wanted slices, ascending, without those too far beyond the outermost outlines: see
 * `slicesBeyond`. Where a slice beyond them is labeled as empty, the search goes up to it, however far it
 * is.
 *
 * @throws FewshotError `bad-input` when no wanted slice is left
 */
export function searchedSlices(
  slices: readonly Slice[],
  labels: ReadonlyMap<number, Mask>,
  wanted: readonly Slice[],
  sliceSpacing: number,
): Slice[] {
  const beyond = slicesBeyond(labels, slices[0], sliceSpacing);
  const indices = outlined(labels);
  const [lowest, highest] = [indices[0], indices[indices.length - 1]];
  const empty = [...labels.keys()].filter(index => !indices.includes(index));
  const first = Math.max(...empty.filter(index => index < lowest), -Infinity);
  const last = Math.min(...empty.filter(index => index > highest), Infinity);
  const from = Number.isFinite(first) ? first : lowest - beyond;
  const to = Number.isFinite(last) ? last : highest + beyond;
  const isWanted = new Set(wanted.map(({ index }) => index));
  const searched = slices
    .filter(({ index }) => labels.has(index) || isWanted.has(index))
    .filter(({ index }) => index >= from && index <= to)
    .sort((a, b) => a.index - b.index);
  if (searched.some(({ index }) => isWanted.has(index))) return searched;
  throw new FewshotError(
    'bad-input',
    empty.length > 0
      ? 'Every slice to segment lies beyond a slice that is labeled as empty.'
      : `Every slice to segment lies more than ${beyond} slices beyond the outermost outline.`,
    'Outline the structure there too, or choose slices nearer to the outlines.',
  );
}

/**
 * Returns the slices to skip when only every second one is encoded: each directly between two that are
 * encoded or labeled.
 *
 * @param searched ascending
 * @returns indices
 */
export function everySecond(
  searched: readonly Slice[],
  labels: ReadonlyMap<number, Mask>,
): Set<number> {
  const skipped = new Set<number>();
  searched.forEach(({ index }, i) => {
    const isBetween = searched[i - 1]?.index === index - 1 && searched[i + 1]?.index === index + 1;
    if (isBetween && !labels.has(index) && !skipped.has(index - 1)) skipped.add(index);
  });
  return skipped;
}
