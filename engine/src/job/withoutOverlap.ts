import type { Mask } from '../image/slice';

/** Propagated slices of one structure. */
export interface StructureResult {
  segmentIndex: number;
  slices: {
    index: number;
    mask: Mask;
    /** Called only where structures overlap. */
    probability(): ArrayLike<number>;
  }[];
}

/**
 * Assigns each voxel claimed by several structures to the most probable one.
 *
 * @returns per segment index: slice index -> mask; the inputs stay unchanged
 */
export function withoutOverlap(results: StructureResult[]): Map<number, Map<number, Mask>> {
  const masks = new Map(
    results.map(({ segmentIndex, slices }) => [
      segmentIndex,
      new Map(slices.map(slice => [slice.index, slice.mask.slice()])),
    ]),
  );
  const claims = new Map<number, { mask: Mask; probability: () => ArrayLike<number> }[]>();
  for (const { segmentIndex, slices } of results) {
    for (const { index, probability } of slices) {
      const claim = { mask: masks.get(segmentIndex)!.get(index)!, probability };
      claims.set(index, [...(claims.get(index) ?? []), claim]);
    }
  }
  for (const claimants of claims.values()) {
    if (!overlap(claimants)) continue;
    const probabilities = claimants.map(({ probability }) => probability());
    for (let i = 0; i < claimants[0].mask.length; i++) {
      let winner = -1;
      for (let c = 0; c < claimants.length; c++) {
        if (!claimants[c].mask[i]) continue;
        if (winner < 0) {
          winner = c;
        } else if (probabilities[c][i] > probabilities[winner][i]) {
          claimants[winner].mask[i] = 0;
          winner = c;
        } else {
          claimants[c].mask[i] = 0;
        }
      }
    }
  }
  return masks;
}

function overlap(claimants: readonly { mask: Mask }[]): boolean {
  if (claimants.length < 2) return false;
  const [first, ...others] = claimants;
  return first.mask.some((_, i) => {
    const claims = others.reduce((sum, { mask }) => sum + mask[i], first.mask[i]);
    return claims > 1;
  });
}
