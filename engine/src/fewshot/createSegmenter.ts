import type { Decoders, SegmentingDecoder } from './decoderEngine';
import type { FittedDecoder } from './fit';

/** @param engine by default TensorFlow.js, which then must have been started */
export async function createSegmenter(
  fitted: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>,
  engine?: Decoders,
): Promise<SegmentingDecoder> {
  const { segmenter } = engine ?? (await import('./tfjsEngine')).tfjsEngine;
  return segmenter(fitted);
}
