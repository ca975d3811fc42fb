import { keptProbability } from '../fewshot/keptProbability';
import { probabilities } from '../fewshot/segmented';
import { neighbours } from '../image/neighbours';
import type { Mask } from '../image/slice';
import { outlineLogits, smoothAcross, type NeighbourSlice } from './acrossSlices';
import { diceLogit } from './confidence';
import type { GreyModel, GreyShot } from './greyEvidence';
import { isBlank } from './imageEvidence';
import type { Joined, Joiner } from './join';
import type { Carried } from './walk';

/** A slice that was searched, in the crop. Its mask is where the probability is above one half. */
export interface Found {
  /** 0..1, see `keptProbability`. */
  probability(): Float32Array;
  /** See `waysAgree`. */
  agreement: number | null;
  /** Of the Dice to be expected, see `diceLogit`; null where the image shows nothing. */
  promised: number | null;
  /** Whether the image shows nothing, see `isBlank`. */
  blank: boolean;
}

export interface SegmentParts {
  labels: ReadonlyMap<number, Mask>;
  /** Outlined slice index -> what it shows. */
  shots: ReadonlyMap<number, GreyShot>;
  /** What matching found, of every slice that is segmented. */
  carried: ReadonlyMap<number, Carried>;
  joiner: Joiner;
  greyModel: GreyModel;
  greyOf(index: number): Uint8Array;
  /** Of the crop. */
  columns: number;
  smoothsAcross: boolean;
}

/**
 * Joins what is known of each slice, and smooths it with the slices beside it.
 *
 * @param order indices to segment, ascending
 * @param onSlice called before each slice with how many are done; may throw to stop
 */
export async function segmentSlices(
  order: readonly number[],
  parts: SegmentParts,
  onSlice: (done: number) => Promise<void>,
): Promise<Map<number, Found>> {
  const { labels, shots, carried, joiner, greyModel, greyOf, columns } = parts;
  // A slice is needed for itself and for both beside it: three are held at a time.
  const joined = new Map<number, Joined & { grey: Uint8Array }>();
  const join = (index: number) => {
    let one = joined.get(index);
    if (!one) {
      const grey = greyOf(index);
      const around = neighbours(index, labels.keys());
      one = { grey, ...joiner.join(index, around, carried.get(index)!, grey, greyModel) };
      joined.set(index, one);
    }
    return one;
  };
  const beside = (index: number): NeighbourSlice[] => {
    if (carried.has(index)) return [join(index)];
    const shot = shots.get(index);
    return shot ? [{ grey: shot.grey, logits: outlineLogits(shot.distance, joiner.pixelMm) }] : [];
  };
  const found = new Map<number, Found>();
  for (const [i, index] of order.entries()) {
    await onSlice(i);
    const { agreement, ...slice } = join(index);
    const blank = isBlank(slice.grey);
    const around = parts.smoothsAcross ? [...beside(index - 1), ...beside(index + 1)] : [];
    const logits = smoothAcross(slice, around, columns);
    const probability = probabilities(logits);
    found.set(index, {
      probability: keptProbability(probability),
      agreement,
      promised: blank ? null : diceLogit(probability, agreement),
      blank,
    });
    joined.delete(index - 1);
  }
  return found;
}
