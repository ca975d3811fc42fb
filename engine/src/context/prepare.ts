import { throwIfCancelled } from '../platform/errors';
import { checkJob, outlined } from '../job/checkJob';
import type { Continuation, FewshotJob } from '../job/job';
import { Embeddings } from '../job/embeddings';
import type { EncoderFrame } from '../sam/encoderFrame';
import { cutMask } from '../image/fieldOfView';
import type { Mask, Slice } from '../image/slice';
import { phaseReporter, type OnProgress } from '../platform/progress';
import { calibrate } from './confidence';
import { encodeLabeled, type GridEncoder } from './encodeSlices';
import { encoderView } from './encoderView';
import { PLAIN_PRODUCTS } from './featureProducts';
import { grayCrop, learnGray } from './grayEvidence';
import { heldOut } from './heldOut';
import { separability } from './imageEvidence';
import { guessNeighbors, imageGain, imageWeight, type ImageStrength } from './imageGain';
import { Joiner } from './join';
import { searchedSlices } from './searchedSlices';
import type { SegmentParts } from './segmentSlices';
import type { ContextParts, ContextSettings } from './settings';
import { cellsPerToken, maskToTokens, type TokenLabels } from './tokenLabels';

const DEFAULT_SLICE_SPACING = 3;

/** Everything computed before the first slice is segmented. */
export interface Prepared extends GridEncoder {
  /** Slices to segment. */
  wanted: Slice[];
  /** Labeled slices and those near enough to be searched, ascending. */
  searched: Slice[];
  frame: EncoderFrame;
  embeddings: Embeddings;
  /** Labeled slice index -> labels of its tokens, and its mask in the crop. */
  tokenLabels: Map<number, TokenLabels>;
  cropMasks: Map<number, Mask>;
  known: Omit<SegmentParts, 'carried' | 'smoothsAcross'>;
  imageStrength: ImageStrength;
  /** See `calibrate`. */
  calibration: number;
  /** Lets a later run continue from this one. */
  continuation: Continuation;
}

/**
 * Embeds the labeled slices and learns from them how to find the structure on the others.
 *
 * @throws FewshotError `bad-input`, see `checkJob`; `cancelled`
 */
export async function prepare(
  job: FewshotJob,
  settings: ContextSettings,
  parts: ContextParts,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<Prepared> {
  const wanted = checkJob(job);
  const { slices, labels, sliceSpacing = DEFAULT_SLICE_SPACING } = job;
  const searched = searchedSlices(slices, labels, wanted, sliceSpacing);
  const { window, frame, size, continuation } = encoderView(job, settings);
  const { crop } = frame;
  const embeddings = new Embeddings(parts.encoder, parts.modelSha256, window, parts.cache, size);

  const embed = async (slice: Slice) => {
    throwIfCancelled(signal);
    const { embedding } = await embeddings.of(slice, crop);
    throwIfCancelled(signal);
    return embedding;
  };
  const bySlice = new Map(searched.map(slice => [slice.index, slice]));
  const labeled = searched.filter(({ index }) => labels.has(index));
  const { grids, gridOf } = await encodeLabeled(
    labeled,
    window,
    frame,
    embed,
    parts.products ?? PLAIN_PRODUCTS,
    phaseReporter('encode', labeled.length, onProgress),
  );

  const cells = cellsPerToken(frame);
  const tokenLabels = new Map<number, TokenLabels>();
  for (const [index, mask] of labels) tokenLabels.set(index, maskToTokens(mask, frame, cells));
  // Keep these for the slices beside them: the labeled slices' own pixels are dropped before.
  const labeledGray = new Map(labeled.map(slice => [slice.index, grayCrop(slice, window, frame)]));
  const grayOf = (index: number) =>
    labeledGray.get(index) ?? grayCrop(bySlice.get(index)!, window, frame);
  const drawn = outlined(labels);
  const positionOf = (index: number) => job.slicePositions?.[index] ?? index * sliceSpacing;
  const joiner = new Joiner(labels, slices[0], frame, cells, positionOf, settings.outlines);
  const shots = new Map(
    drawn.map(index => {
      return [index, { gray: grayOf(index), distance: joiner.distance(index) }];
    }),
  );
  const grayModel = learnGray(settings.grayValues ? [...shots.values()] : [], joiner.pixelMm);
  const cropMasks = new Map(
    [...labels].map(([index, mask]) => [index, cutMask(mask, frame, frame.crop)]),
  );
  const { match } = parts;
  const guesses = guessNeighbors(grids, tokenLabels, drawn, match);
  const imageStrength: ImageStrength = {
    ...imageGain(guesses, tokenLabels),
    separability: separability([...shots.values()], crop.columns, joiner.pixelMm),
  };
  const weight = settings.weighsImage ? imageWeight(imageStrength) : 1;
  const calibration = calibrate(
    heldOut({ masks: cropMasks, shots, guesses, joiner, imageWeight: weight }),
  );

  const known = {
    labels,
    shots,
    joiner,
    grayModel,
    imageWeight: weight,
    grayOf,
    columns: crop.columns,
  };
  return {
    ...{ wanted, searched, frame, embeddings, grids, gridOf, tokenLabels, cropMasks, known },
    ...{ imageStrength, calibration, continuation },
  };
}
