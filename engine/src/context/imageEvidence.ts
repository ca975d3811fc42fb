/**
 * Measures how well the image itself shows a structure. Where it shows nothing, matching and interpolated
 * outlines still agree with each other; these measures reveal it.
 */

import { grayLogits, HIGHEST_GRAY_LOGIT, learnGray, type GrayShot } from './grayEvidence';

/** Gray values 0..255 within this range count as equal. */
const SAME_GRAY = 2;
/** Fraction of pixels that may differ: burned-in text, dead detector cells. */
const STRAY_PIXELS = 0.005;

/**
 * Whether an image holds only one gray value: a missing or lost slice, air, or values that all lie beyond
 * the same end of the window.
 *
 * @param gray 0..255
 */
export function isBlank(gray: Uint8Array): boolean {
  const counts = new Uint32Array(256);
  for (const value of gray) counts[value]++;
  // The fullest range of neighboring values holds all pixels but the strays.
  let most = 0;
  for (let low = 0; low + SAME_GRAY <= 256; low++) {
    let inside = 0;
    for (let value = low; value < low + SAME_GRAY; value++) inside += counts[value];
    most = Math.max(most, inside);
  }
  return most >= (1 - STRAY_PIXELS) * gray.length;
}

/**
 * Measures how similar two slices are around a structure, regardless of brightness and contrast.
 *
 * @param a 0..255
 * @param b 0..255, of the same size
 * @param region 1 where to look
 * @returns Pearson's correlation, -1..1; 0 where one of them holds one value only
 */
export function correlation(a: Uint8Array, b: Uint8Array, region: Uint8Array): number {
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < region.length; i++) {
    if (!region[i]) continue;
    count++;
    sumA += a[i];
    sumB += b[i];
    sumAA += a[i] * a[i];
    sumBB += b[i] * b[i];
    sumAB += a[i] * b[i];
  }
  const spreadA = count * sumAA - sumA * sumA;
  const spreadB = count * sumBB - sumB * sumB;
  if (spreadA <= 0 || spreadB <= 0) return 0;
  return (count * sumAB - sumA * sumB) / Math.sqrt(spreadA * spreadB);
}

/**
 * Measures how well slices are connected to a labeled slice: by the weakest link on the way to it.
 *
 * @param links correlation of each slice with the next, from the labeled slice below to the one above;
 *   null where there is no labeled slice on that side
 * @returns for each slice between them the stronger of both chains, -1..1
 */
export function continuity(links: readonly (number | null)[]): number[] {
  const chain = (ordered: readonly (number | null)[]) => {
    let weakest = ordered[0] === null ? -1 : 1;
    return ordered.slice(0, -1).map(link => (weakest = Math.min(weakest, link ?? -1)));
  };
  const below = chain(links);
  const above = chain([...links].reverse()).reverse();
  return below.map((value, i) => Math.max(value, above[i]));
}

/** Width of the band on each side of an outline, in pixels, as in `learnGray`. */
const BAND = 3;

/**
 * Measures how much the gray values just inside of an outline differ from those just outside, in the way
 * learned from other outlines.
 *
 * @param logits see `grayLogits`
 * @param distance mm from the outline, positive inside
 * @returns 1 at most; about 0 where the structure looks like its surroundings; null where one side has no
 *   pixel
 */
export function contrast(
  logits: Float32Array,
  distance: Float32Array,
  pixelMm: number,
): number | null {
  let [inside, outside, sumInside, sumOutside] = [0, 0, 0, 0];
  for (let i = 0; i < logits.length; i++) {
    if (Math.abs(distance[i]) >= BAND * pixelMm) continue;
    if (distance[i] > 0) {
      inside++;
      sumInside += logits[i];
    } else {
      outside++;
      sumOutside += logits[i];
    }
  }
  if (inside === 0 || outside === 0) return null;
  return (sumInside / inside - sumOutside / outside) / (2 * HIGHEST_GRAY_LOGIT);
}

/**
 * Measures how well gray values separate the outlined structure from its surroundings: the mean `contrast`
 * of the outlined slices, each by the model of the other slices and by that of all slices. The first alone
 * is too strict where slices differ, the second too lenient where outlines are small.
 *
 * @returns -1..1
 */
export function separability(shots: readonly GrayShot[], columns: number, pixelMm: number): number {
  const ofAll = learnGray(shots, pixelMm);
  const each = shots.flatMap((shot, i) => {
    const others = shots.filter((_, other) => other !== i);
    return [learnGray(others, pixelMm), ofAll].flatMap(
      model =>
        contrast(grayLogits(shot.gray, model, columns, pixelMm), shot.distance, pixelMm) ?? [],
    );
  });
  return each.length === 0 ? 0 : each.reduce((sum, value) => sum + value, 0) / each.length;
}
