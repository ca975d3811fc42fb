/** How much of one label a slice holds, and a fingerprint of where. */
export interface MaskDigest {
  count: number;
  /** FNV-1a over the positions of its voxels: equal masks have equal hashes. */
  hash: number;
  /** True where outlines of another plane cross the slice, which nobody outlined itself. */
  isCrossed?: boolean;
}

/** Whether two slices hold the same of a segment; both nothing is the same, too. */
export function isSameDigest(a: MaskDigest | undefined, b: MaskDigest | undefined): boolean {
  return a?.count === b?.count && a?.hash === b?.hash;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Every label value on a slice with its digest, in one pass.
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
