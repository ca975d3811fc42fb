import { softDice } from '../context/confidence';
import type { CropRectangle, Slice } from '../image/slice';
import { Mosaic } from '../image/tiles';
import type { PropagatedSlice } from '../job/job';
import { keptProbability } from '../job/keptProbability';
import { probabilities } from '../job/segmented';
import { mapInto } from '../numeric/mapInto';
import { OUTSIDE_CROP_LOGIT } from '../sam/encoderFrame';
import { expectedDice } from './expectedDice';
import type { HeadModel } from './head';
import { fineToRectangle } from './headInput';
import { refineLogits } from './refinement';

/** What heads found in a part of a slice. */
export interface FoundPart {
  /** [fine cells * fine cells] logits */
  fine: Float32Array;
  /** [fine cells * fine cells] gray values, 0..1 */
  gray: Float32Array;
  /** Where on the slice the fine cells lie. */
  rectangle: CropRectangle;
}

/** How the logits of a structure's heads are read. */
export type Reading = Pick<HeadModel, 'refinement' | 'threshold' | 'calibration'>;

/**
 * Joins the tiles of a single image, the boundary refined in each. Small parts stay: they may be cells of
 * many.
 */
export function finishImage(
  parts: readonly FoundPart[],
  slice: Pick<Slice, 'index' | 'rows' | 'columns'>,
  { refinement, threshold, calibration }: Reading,
): PropagatedSlice {
  const mosaic = new Mosaic(slice);
  for (const { fine, gray, rectangle } of parts) {
    const refined = refinement ? refineLogits(fine, gray, refinement) : fine;
    mosaic.add(fineToRectangle(refined, rectangle), rectangle);
  }
  const probability = probabilities(mosaic.values(OUTSIDE_CROP_LOGIT));
  const implied = softDice(probability, threshold);
  return {
    index: slice.index,
    mask: mapInto(probability, new Uint8Array(probability.length), p => (p > threshold ? 1 : 0)),
    probability: keptProbability(probability),
    ...(implied !== null && { confidence: expectedDice(implied, calibration) }),
  };
}
