import { FewshotError, throwIfCancelled } from '../platform/errors';
import { createSegmenter } from './createSegmenter';
import type { Decoders, FittedDecoder, Shot } from './decoderEngine';
import { showsStructure } from './fit';

/**
 * Refuses a decoder that finds nothing on any of the shots it learned from: it would find nothing elsewhere
 * either, and "nothing" would look like an answer.
 *
 * @param shots those that show nothing are passed over
 * @throws FewshotError `bad-result`, `cancelled`
 */
export async function checkFindsShots(
  fitted: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>,
  shots: readonly Shot[],
  engine?: Decoders,
  signal?: AbortSignal,
): Promise<void> {
  const showing = shots.filter(showsStructure);
  if (showing.length === 0) return;
  const segmenter = await createSegmenter(fitted, engine);
  try {
    // Usually the first one ends it.
    for (const { embedding, coverage } of showing) {
      throwIfCancelled(signal);
      const logits = await segmenter.logits(embedding);
      if (coverage.some((share, pixel) => share > 0 && logits[pixel] > 0)) return;
    }
  } finally {
    segmenter.dispose();
  }
  const empty = shots.length - showing.length;
  throw new FewshotError(
    'bad-result',
    `Learning failed: the structure is not found on any of the ${showing.length} slices on which it is outlined.`,
    empty === 0
      ? 'Outline it on more slices, or give learning more iterations.'
      : `Outline it on more slices, or leave out some of the ${empty} slices without it.`,
  );
}
