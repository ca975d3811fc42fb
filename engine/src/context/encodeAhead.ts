import type { Continuation } from '../fewshot/continuation';
import { Embeddings } from '../fewshot/embeddings';
import type { FewshotJob } from '../fewshot/job';
import type { PropagateParts } from '../fewshot/propagate';
import { encoderView } from './encoderView';
import { ALL } from './settings';

/** The outlines so far, and one or more slices. */
export type AheadJob = Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>;

/**
 * Encodes one slice for a run of `context` that has not been asked for yet, and keeps its embedding in the
 * cache.
 *
 * @param job percentiles of its window are taken over its slices, unless it continues another one
 * @param index the slice to encode
 * @returns what the next call and the run itself continue from, so that they find the embedding
 * @throws FewshotError `bad-input` see `resolveWindow`, `bad-result` from the encoder
 */
export async function encodeAhead(
  job: AheadJob,
  index: number,
  { encoder, modelSha256, cache }: Pick<PropagateParts, 'encoder' | 'modelSha256' | 'cache'>,
): Promise<Continuation> {
  const { window, frame, size, continuation } = encoderView(job, ALL);
  const slice = job.slices.find(one => one.index === index);
  if (!slice) throw new RangeError(`slice ${index} is not among those given`);
  await new Embeddings(encoder, modelSha256, window, cache, size).of(slice, frame.crop);
  return continuation;
}
