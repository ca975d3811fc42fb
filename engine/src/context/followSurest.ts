import { FewshotError } from '../platform/errors';
import type { PropagatedSlice } from '../job/job';
import type { PropagateOptions } from '../job/method';
import { keptProbability } from '../job/keptProbability';
import { maskOf } from '../job/segmented';
import type { IntensityWindow, Slice } from '../image/slice';
import type { ImageEncoder } from '../sam/imageEncoder';
import { softDice } from './confidence';
import { context } from './context';
import type { ContextParts } from './settings';

/** Most slices used as outlines, as many as a person would draw at least. */
const MOST_SHOTS = 3;
const LEAST_CERTAINTY = 0.5;
/** Least area of such a slice, as a fraction of the median area. */
const LEAST_AREA = 0.3;
/** Weight of the followed result; the slice's own result has the rest. */
const WEIGHT = 0.7;
const MOST_LOGIT = 7;

/** A study in which every slice was segmented independently. */
export interface SegmentedStudy {
  slices: Slice[];
  window: IntensityWindow;
  sliceSpacing?: number;
}

/**
 * Makes independently segmented slices consistent: uses the surest of them as outlines, propagates these to
 * the others with `context`, and averages both results. Slices that it does not reach, and all slices where
 * no two are sure enough, stay unchanged.
 *
 * @param segmented slices of this study; not modified
 * @throws FewshotError `cancelled`, and from the encoder
 */
export async function followSurest(
  segmented: readonly PropagatedSlice[],
  { slices, window, sliceSpacing }: SegmentedStudy,
  parts: ContextParts,
  options: PropagateOptions = {},
): Promise<PropagatedSlice[]> {
  const shots = surest(segmented);
  if (shots.length < 2 || shots.length === segmented.length) return [...segmented];
  const labels = new Map(shots.map(({ index, mask }) => [index, mask]));
  const targets = segmented.map(({ index }) => index).filter(index => !labels.has(index));
  const job = { slices, labels, targets, window, sliceSpacing };
  const encoder = new WatchedEncoder(parts.encoder);
  let followed;
  try {
    followed = await context(job, { ...parts, encoder }, options);
  } catch (error) {
    // Without anything to follow, the earlier result stands; a failed encoder is an error.
    const isNothing =
      error instanceof FewshotError && ['bad-input', 'bad-result'].includes(error.code);
    if (isNothing && error !== encoder.failure) return [...segmented];
    throw error;
  }
  const reached = new Map(followed.slices.map(slice => [slice.index, slice]));
  for (const index of followed.notSearched ?? []) reached.delete(index);
  return segmented.map(slice => {
    const other = reached.get(slice.index);
    return other ? joined(slice, other) : slice;
  });
}

/** An encoder that remembers its failure. */
class WatchedEncoder implements ImageEncoder {
  readonly device: string;
  readonly gpu: ImageEncoder['gpu'];
  readonly sizes: ImageEncoder['sizes'];
  failure: unknown;

  constructor(private readonly encoder: ImageEncoder) {
    this.device = encoder.device;
    this.gpu = encoder.gpu;
    this.sizes = encoder.sizes;
  }

  async encode(input: Float32Array): Promise<Float32Array> {
    try {
      return await this.encoder.encode(input);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  dispose = () => this.encoder.dispose();
}

/** Picks the surest slices that are far enough apart, ascending. */
export function surest(segmented: readonly PropagatedSlice[]): PropagatedSlice[] {
  const rated = segmented.flatMap(slice => {
    const certainty = softDice(slice.probability());
    const area = slice.mask.reduce((sum, value) => sum + value, 0);
    return certainty === null ? [] : [{ slice, certainty, area }];
  });
  if (rated.length === 0) return [];
  const areas = rated.map(({ area }) => area).sort((a, b) => a - b);
  const least = LEAST_AREA * areas[areas.length >> 1];
  const apart = Math.max(2, Math.floor(segmented.length / MOST_SHOTS / 2));
  const chosen: PropagatedSlice[] = [];
  for (const { slice, certainty, area } of rated.sort((a, b) => b.certainty - a.certainty)) {
    if (chosen.length === MOST_SHOTS || certainty <= LEAST_CERTAINTY) break;
    const isApart = chosen.every(({ index }) => Math.abs(index - slice.index) >= apart);
    if (area > least && isApart) chosen.push(slice);
  }
  return chosen.sort((a, b) => a.index - b.index);
}

function joined(own: PropagatedSlice, followed: PropagatedSlice): PropagatedSlice {
  const others = followed.probability();
  const probability = own.probability().map((value, i) => {
    const logits = (1 - WEIGHT) * logit(value) + WEIGHT * logit(others[i]);
    return 1 / (1 + Math.exp(-logits));
  });
  return {
    index: own.index,
    mask: maskOf(probability),
    probability: keptProbability(probability),
  };
}

function logit(probability: number): number {
  const value = Math.log(probability / (1 - probability));
  return Math.min(Math.max(value, -MOST_LOGIT), MOST_LOGIT);
}
