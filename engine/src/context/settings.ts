import type { JobParts } from '../job/method';
import type { FeatureProducts } from './featureProducts';
import type { MatchSlices } from './matchSlices';

/** What this method computes with; what is missing is computed in plain JavaScript. */
export interface ContextParts extends JobParts {
  products?: FeatureProducts;
  match?: MatchSlices;
}

/** Which parts of the method take part. */
export interface ContextSettings {
  /** The encoder sees a crop around the structure instead of the whole slice. */
  crop: boolean;
  /** Tokens are also matched with the slice before, not with labelled slices alone. */
  previousSlice: boolean;
  /** Outlines carried on from the labelled slices count. */
  outlines: boolean;
  /** They count more the less the image tells. */
  weighsImage: boolean;
  /** Grey values near the outlines count. */
  greyValues: boolean;
  /** Results are smoothed across slices. */
  acrossSlices: boolean;
  /** What is connected to no outline is removed, and specks and holes smaller than a token. */
  connected: boolean;
  /**
   * Thin structures in coarse pixels whose grey values stand out, bones above all, are matched twice again,
   * with the slices on both sides as they were segmented, see `lookAgain`. Elsewhere that gains nothing.
   */
  looksAgain: boolean;
  /** Only every second slice is encoded; those between take over from both sides. */
  everySecondSlice: boolean;
  /** Side of the encoder's input; null: as the outlines need, see `encoderSize`. */
  encoderSize: number | null;
}

export const ALL: ContextSettings = {
  crop: true,
  previousSlice: true,
  outlines: true,
  weighsImage: true,
  greyValues: true,
  acrossSlices: true,
  connected: true,
  looksAgain: true,
  everySecondSlice: false,
  encoderSize: null,
};
