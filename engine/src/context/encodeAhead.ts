import type { Continuation } from '../fewshot/continuation';
import { Embeddings } from '../fewshot/embeddings';
import type { FewshotJob } from '../fewshot/job';
import type { PropagateParts } from '../fewshot/propagate';
import { encoderFrame } from '../image/encoderFrame';
import type { Slice } from '../image/slice';
import { encoderView } from './encoderView';
import { ALL } from './settings';

/**
 * How a run of `context` with these outlines would look at the slices; the run continues from it.
 *
 * @param job percentiles of its window are taken over its slices, unless it continues another one; else
 *   one slice is enough
 * @throws FewshotError `bad-input`, see `resolveWindow`
 */
export function viewAhead(
  job: Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>,
): Continuation {
  return encoderView(job, ALL).continuation;
}

/**
 * Encodes a slice for a run that has not been asked for yet, and keeps its embedding in the cache.
 *
 * @param view of `viewAhead`
 * @throws FewshotError `bad-input` where the slice cannot be encoded, `bad-result` from the encoder
 */
export async function encodeAhead(
  slice: Slice,
  { window, crop, encoderSize }: Continuation,
  { encoder, modelSha256, cache }: Pick<PropagateParts, 'encoder' | 'modelSha256' | 'cache'>,
): Promise<void> {
  const { crop: seen } = encoderFrame(slice, crop);
  await new Embeddings(encoder, modelSha256, window, cache, encoderSize).of(slice, seen);
}
