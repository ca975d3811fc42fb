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

/** Slices that are taken as outlines: as many as a person would draw at least. */
const MOST_SHOTS = 3;
const LEAST_CERTAINTY = 0.5;
/** A slice that shows less of the structure than this share of the median one says little about it. */
const LEAST_AREA = 0.3;
/** What following counts against what was found on a slice by itself. */
const WEIGHT = 0.7;
const MOST_LOGIT = 7;

/** A study in which every slice was segmented by itself. */
export interface SegmentedStudy {
  slices: Slice[];
  window: IntensityWindow;
  sliceSpacing?: number;
}

/**
 * Makes slices that were segmented one by one agree with each other: the surest of them are taken as
 * outlines, from which `context` goes on to the others. What it finds is joined with what was there.
 * Slices that it does not reach, and all of them where no two are sure enough, stay as they are.
 *
 * @param segmented of this study; left as they are
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
    // Nothing to follow is no failure of what was found before; a computer that fails is one.
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

/** An encoder that remembers how it failed; of 1024 x 1024 alone, with which following was measured. */
class WatchedEncoder implements ImageEncoder {
  readonly device: string;
  readonly gpu: ImageEncoder['gpu'];
  failure: unknown;

  constructor(private readonly encoder: ImageEncoder) {
    this.device = encoder.device;
    this.gpu = encoder.gpu;
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

/** The surest slices, apart from each other, ascending. */
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
