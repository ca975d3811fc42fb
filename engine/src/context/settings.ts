import type { JobParts } from '../job/method';
import type { FeatureProducts } from './featureProducts';
import type { MatchSlices } from './matchSlices';

/** Parts that this method computes with; plain JavaScript replaces missing ones. */
export interface ContextParts extends JobParts {
  products?: FeatureProducts;
  match?: MatchSlices;
}

/** Parts of the method to use. */
export interface ContextSettings {
  /** The encoder sees a crop around the structure instead of the whole slice. */
  crop: boolean;
  /** Tokens are also matched with the previous slice, not only with labeled slices. */
  previousSlice: boolean;
  /** Outlines interpolated from the labeled slices are used. */
  outlines: boolean;
  /** They weigh more where the image is less informative. */
  weighsImage: boolean;
  /** Gray values near the outlines are used. */
  grayValues: boolean;
  /** Results are smoothed across slices. */
  acrossSlices: boolean;
  /**
   * Parts that are not connected to any outline are removed, as are specks and holes smaller than a token.
   */
  connected: boolean;
  /**
   * Thin structures in coarse pixels whose gray values stand out, mainly bones, are matched twice more with
   * the segmented slices on both sides, see `rematch`. Elsewhere that gains nothing.
   */
  rematches: boolean;
  /** Only every second slice is encoded; those between take the mean of both sides. */
  everySecondSlice: boolean;
  /** Side of the encoder's input, pixels; null to choose by the outlines, see `encoderSize`. */
  encoderSize: number | null;
}

export const ALL: ContextSettings = {
  crop: true,
  previousSlice: true,
  outlines: true,
  weighsImage: true,
  grayValues: true,
  acrossSlices: true,
  connected: true,
  rematches: true,
  everySecondSlice: false,
  encoderSize: null,
};
