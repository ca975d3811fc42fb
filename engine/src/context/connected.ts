import { connectedComponents } from '../image/connectedComponents';
import type { Mask } from '../image/slice';

/**
 * Removes what is connected to no outline: a structure goes on from slice to slice.
 *
 * @param masks slice after slice, each `rows * columns`; changed in place
 * @param isLabelled which of them are outlined
 */
export function keepConnected(
  masks: readonly Mask[],
  isLabelled: readonly boolean[],
  rows: number,
  columns: number,
): void {
  const plane = rows * columns;
  const volume = new Uint8Array(plane * masks.length);
  masks.forEach((mask, k) => volume.set(mask, k * plane));
  const { labels, components } = connectedComponents(volume, [columns, rows, masks.length]);
  const kept = new Uint8Array(components.length + 1);
  isLabelled.forEach((labelled, k) => {
    if (labelled) for (let i = k * plane; i < (k + 1) * plane; i++) kept[labels[i]] = 1;
  });
  masks.forEach((mask, k) => {
    if (isLabelled[k]) return;
    for (let i = 0; i < plane; i++) if (!kept[labels[k * plane + i]]) mask[i] = 0;
  });
}
