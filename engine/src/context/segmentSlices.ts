import { keptProbability } from '../job/keptProbability';
import { maskOf, probabilities } from '../job/segmented';
import { neighbors } from '../image/neighbors';
import type { Mask } from '../image/slice';
import { outlineLogits, smoothAcross, type NeighborSlice } from './acrossSlices';
import { diceLogit, type Evidence } from './confidence';
import { grayLogits, type GrayModel, type GrayShot } from './grayEvidence';
import { contrast, continuity, correlation, isBlank } from './imageEvidence';
import type { Joined, Joiner } from './join';
import type { Carried } from './walk';

/** A slice that was searched, in the crop. Its mask is where the probability is above one half. */
export interface Found {
  /** 0..1, see `keptProbability`. */
  probability(): Float32Array;
  /** See `directionAgreement`. */
  agreement: number | null;
  /** Logit of the predicted Dice, see `diceLogit`; null where the image shows nothing. */
  expectedLogit: number | null;
  /** Whether the image shows nothing, see `isBlank`. */
  blank: boolean;
  /** Evidence of the image for this result, independent of how well the parts of the method agree. */
  evidence: Evidence;
}

export interface SegmentParts {
  labels: ReadonlyMap<number, Mask>;
  /** Outlined slice index -> its gray values and distances. */
  shots: ReadonlyMap<number, GrayShot>;
  /** Result of matching for every slice to segment. */
  carried: ReadonlyMap<number, Carried>;
  joiner: Joiner;
  grayModel: GrayModel;
  /** See `imageWeight`. */
  imageWeight: number;
  grayOf(index: number): Uint8Array;
  /** Columns of the crop. */
  columns: number;
  smoothsAcross: boolean;
}

/**
 * Combines the evidence for each slice, and smooths it with the slices beside it.
 *
 * @param order indices to segment, ascending
 * @param onSlice called before each slice with how many are done; may throw to stop
 */
export async function segmentSlices(
  order: readonly number[],
  parts: SegmentParts,
  onSlice: (done: number) => Promise<void>,
): Promise<Map<number, Found>> {
  const { labels, shots, carried, joiner, grayModel, imageWeight, grayOf, columns } = parts;
  // Each slice is needed for itself and its two neighbors, so three are held at a time.
  const joined = new Map<number, Joined & { gray: Uint8Array }>();
  const join = (index: number) => {
    let one = joined.get(index);
    if (!one) {
      const gray = grayOf(index);
      const around = neighbors(index, labels.keys());
      const way = carried.get(index)!;
      one = { gray, ...joiner.join(index, around, way, gray, grayModel, imageWeight) };
      joined.set(index, one);
    }
    return one;
  };
  const beside = (index: number): NeighborSlice[] => {
    if (carried.has(index)) return [join(index)];
    const shot = shots.get(index);
    return shot ? [{ gray: shot.gray, logits: outlineLogits(shot.distance, joiner.pixelMm) }] : [];
  };
  const found = new Map<number, Found>();
  const hangsTogether = continuityOf(order, parts);
  for (const [i, index] of order.entries()) {
    await onSlice(i);
    const { agreement, ...slice } = join(index);
    const blank = isBlank(slice.gray);
    const around = parts.smoothsAcross ? [...beside(index - 1), ...beside(index + 1)] : [];
    const logits = smoothAcross(slice, around, columns);
    const probability = probabilities(logits);
    const mask = maskOf(probability);
    found.set(index, {
      probability: keptProbability(probability),
      agreement,
      expectedLogit: blank ? null : diceLogit(probability, agreement),
      blank,
      evidence: {
        continuity: hangsTogether[i],
        contrast: mask.includes(1)
          ? contrast(
              grayLogits(slice.gray, grayModel, columns, joiner.pixelMm),
              joiner.distanceFrom(mask),
              joiner.pixelMm,
            )
          : null,
        beyondMm: joiner.beyondMm(index),
        widthMm: joiner.widthMm,
      },
    });
    joined.delete(index - 1);
  }
  return found;
}

/**
 * Measures how well each slice of a run is connected to a labeled slice beside the run, see `continuity`.
 */
function continuityOf(
  order: readonly number[],
  { labels, joiner, grayOf }: SegmentParts,
): number[] {
  const { below, above } = neighbors(order[0], labels.keys());
  const region = joiner.surroundings([below, above].filter(index => index !== null));
  const path = [below, ...order, above];
  let previous: Uint8Array | null = null;
  const links: (number | null)[] = [];
  for (const [i, index] of path.entries()) {
    const gray = index === null ? null : grayOf(index);
    if (i > 0) links.push(gray && previous && correlation(previous, gray, region));
    previous = gray;
  }
  return continuity(links);
}
