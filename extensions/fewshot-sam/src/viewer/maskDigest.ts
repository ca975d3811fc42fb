/** Voxel count and fingerprint of one label on a slice. */
export interface MaskDigest {
  count: number;
  /** FNV-1a over the positions of its voxels: equal masks have equal hashes. */
  hash: number;
  /** Outlines of another plane cross the slice, and nobody outlined the slice itself. */
  isCrossed?: boolean;
}

/** Whether a segment is the same on two slices. Two empty slices are the same. */
export function isSameDigest(a: MaskDigest | undefined, b: MaskDigest | undefined): boolean {
  return a?.count === b?.count && a?.hash === b?.hash;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Digests of all label values on a slice, in one pass.
 *
 * @param labels row-major label values of one slice; 0 is background
 */
export function digestLabels(labels: ArrayLike<number>): Map<number, MaskDigest> {
  const digests = new Map<number, MaskDigest>();
  let value = 0;
  let digest: MaskDigest | undefined;
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === 0) continue;
    if (labels[i] !== value || !digest) {
      value = labels[i];
      digest = digests.get(value);
      if (!digest) digests.set(value, (digest = { count: 0, hash: FNV_OFFSET }));
    }
    digest.count++;
    digest.hash = Math.imul(digest.hash ^ i, FNV_PRIME) >>> 0;
  }
  return digests;
}
