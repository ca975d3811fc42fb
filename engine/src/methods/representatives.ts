import { resolveWindow } from '../image/window';
import type { IntensityWindow, Slice } from '../image/slice';
import { Embeddings } from '../job/embeddings';
import type { JobParts, PropagateOptions } from '../job/method';
import { farthestPoints } from '../numeric/farthestPoints';
import { throwIfCancelled } from '../platform/errors';
import { phaseReporter } from '../platform/progress';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';

/** Side of the encoder's input: a rough look is enough. */
const ENCODER_SIZE = 448;
/** A slice is described by the mean of the tokens in each of 4 x 4 parts. */
const PARTS = 4;

/** One slice of several studies. */
export interface StudySlice {
  /** Position in the list of studies. */
  study: number;
  /** `Slice.index`. */
  slice: number;
}

/**
 * Chooses the slices of one or more studies that represent their appearance best, by the distances of their
 * embeddings: to be outlined for a task.
 *
 * Xie et al. select images that best represent the appearance; here the farthest points do.
 *
 * @param studies the slices to choose from
 * @param count number of slices in all
 * @returns the most telling first
 */
export async function chooseSlices(
  studies: readonly { slices: readonly Slice[]; window: IntensityWindow }[],
  count: number,
  { encoder, modelSha256, cache }: JobParts,
  { signal, onProgress = () => undefined }: Pick<PropagateOptions, 'signal' | 'onProgress'> = {},
): Promise<StudySlice[]> {
  const places: StudySlice[] = [];
  const descriptors: Float32Array[] = [];
  const all = studies.reduce((sum, { slices }) => sum + slices.length, 0);
  const report = phaseReporter('encode', all, onProgress);
  report(0);
  for (const [study, { slices, window }] of studies.entries()) {
    const resolved = resolveWindow(window, slices);
    const embeddings = new Embeddings(encoder, modelSha256, resolved, cache, ENCODER_SIZE);
    for (const slice of slices) {
      throwIfCancelled(signal);
      const { embedding } = await embeddings.of(slice);
      places.push({ study, slice: slice.index });
      descriptors.push(meanOfParts(embedding, Math.sqrt(embedding.length / EMBEDDING_CHANNELS)));
      report(places.length);
    }
  }
  return farthestPoints(descriptors, count).map(at => places[at]);
}

/** [256, side, side] -> [256, PARTS, PARTS] */
function meanOfParts(embedding: Float32Array, side: number): Float32Array {
  const sums = new Float32Array(EMBEDDING_CHANNELS * PARTS * PARTS);
  const counts = new Float32Array(PARTS * PARTS);
  const part = (at: number) => Math.floor((at * PARTS) / side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const place = part(row) * PARTS + part(column);
      counts[place]++;
      for (let channel = 0; channel < EMBEDDING_CHANNELS; channel++) {
        sums[channel * PARTS * PARTS + place] += embedding[(channel * side + row) * side + column];
      }
    }
  }
  return sums.map((sum, at) => sum / counts[at % (PARTS * PARTS)]);
}
