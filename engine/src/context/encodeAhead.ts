import { Embeddings } from '../job/embeddings';
import type { Continuation, FewshotJob } from '../job/job';
import { encoderFrame } from '../sam/encoderFrame';
import type { Slice } from '../image/slice';
import { encoderView } from './encoderView';
import { ALL, type ContextParts } from './settings';

/**
 * Returns crop, window and encoder size that a run of `context` with these outlines would use; the run
 * continues from it.
 *
 * @param job percentiles of its window are taken over its slices, unless it continues another run; for a
 *   window of absolute values one slice is enough
 * @throws FewshotError `bad-input`, see `resolveWindow`
 */
export function viewAhead(
  job: Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>,
): Continuation {
  return encoderView(job, ALL).continuation;
}

/**
 * Encodes a slice before a run asks for it, and keeps its embedding in the cache.
 *
 * @param view from `viewAhead`
 * @throws FewshotError `bad-input` where the slice cannot be encoded, `bad-result` from the encoder
 */
export async function encodeAhead(
  slice: Slice,
  { window, crop, encoderSize }: Continuation,
  { encoder, modelSha256, cache }: Pick<ContextParts, 'encoder' | 'modelSha256' | 'cache'>,
): Promise<void> {
  const { crop: seen } = encoderFrame(slice, crop);
  await new Embeddings(encoder, modelSha256, window, cache, encoderSize).of(slice, seen);
}
