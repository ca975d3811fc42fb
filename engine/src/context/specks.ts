import { connectedComponents } from '../image/connectedComponents';
import { holesOf } from '../image/outlineFlaws';
import type { Mask } from '../image/slice';

/** Parts and holes below these sizes are artifacts of the token grid. */
export interface SpeckLimits {
  /** Pixels. */
  part: number;
  hole: number;
}

/** Holes are larger than parts, because a missed token affects its surroundings. */
const HOLE_TOKENS = 4;

/**
 * Returns the limits for specks: parts smaller than a token and holes smaller than four, unless the
 * outlines themselves have such small ones.
 *
 * @param outlines masks of the outlined slices, in the crop
 * @param tokenPixels area of a token, pixels
 */
export function speckLimits(
  outlines: Iterable<Mask>,
  columns: number,
  tokenPixels: number,
): SpeckLimits {
  const limits = { part: tokenPixels, hole: HOLE_TOKENS * tokenPixels };
  for (const mask of outlines) {
    for (const { voxels } of partsOf(mask, columns).components) {
      limits.part = Math.min(limits.part, voxels);
    }
    for (const { length } of holesOf(mask, columns)) limits.hole = Math.min(limits.hole, length);
  }
  return limits;
}

/**
 * Removes small parts and fills small holes. Always keeps the largest part.
 *
 * @param mask changed in place
 * @returns whether anything changed
 */
export function removeSpecks(mask: Mask, columns: number, limits: SpeckLimits): boolean {
  const { labels, components } = partsOf(mask, columns);
  const largest = Math.max(...components.map(({ voxels }) => voxels));
  const isSpeck = components.map(({ voxels }) => voxels < limits.part && voxels < largest);
  const filled = holesOf(mask, columns).filter(({ length }) => length < limits.hole);
  if (!isSpeck.includes(true) && filled.length === 0) return false;
  labels.forEach((label, i) => {
    if (label > 0 && isSpeck[label - 1]) mask[i] = 0;
  });
  for (const hole of filled) for (const i of hole) mask[i] = 1;
  return true;
}

const partsOf = (mask: Mask, columns: number) =>
  connectedComponents(mask, [columns, mask.length / columns, 1]);
