import { connectedComponents, joinTouching } from '../image/connectedComponents';
import { DisjointSets } from '../image/disjointSets';
import type { Mask } from '../image/slice';

/**
 * Removes parts that are not connected to any outline, by faces, edges or corners. Keeps the parts on
 * either side of slices that were not searched, because the connection there is unknown. Holds two slices
 * at a time.
 *
 * @param masks slice after slice, each `rows * columns`; changed in place
 * @param indices of these slices, ascending
 * @param isLabeled which of them are labeled
 * @returns positions of the changed masks
 */
export function keepConnected(
  masks: readonly Mask[],
  indices: readonly number[],
  isLabeled: readonly boolean[],
  rows: number,
  columns: number,
): Set<number> {
  const isNext = (k: number) => k === 0 || k === masks.length || indices[k] - indices[k - 1] === 1;
  const componentsOf = (mask: Mask) => connectedComponents(mask, [columns, rows, 1]);
  const sets = new DisjointSets();
  const firstOfSlice: number[] = [];
  let below: Int32Array | null = null;
  masks.forEach((mask, k) => {
    const { labels, components } = componentsOf(mask);
    firstOfSlice.push(sets.add(components.length));
    if (below && isNext(k))
      joinTouching(below, firstOfSlice[k - 1], labels, firstOfSlice[k], columns, sets);
    below = labels;
  });

  const kept = new Set<number>();
  masks.forEach((_, k) => {
    const end = firstOfSlice[k + 1] ?? sets.size;
    const isCertain = isLabeled[k] || !isNext(k) || !isNext(k + 1);
    if (isCertain) for (let i = firstOfSlice[k]; i < end; i++) kept.add(sets.find(i));
  });
  const changed = new Set<number>();
  masks.forEach((mask, k) => {
    if (isLabeled[k]) return;
    const { labels, components } = componentsOf(mask);
    const isKept = components.map((_, i) => kept.has(sets.find(firstOfSlice[k] + i)));
    if (isKept.every(Boolean)) return;
    changed.add(k);
    labels.forEach((label, i) => {
      if (label > 0 && !isKept[label - 1]) mask[i] = 0;
    });
  });
  return changed;
}
