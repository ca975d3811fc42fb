import type { Decoders, FittedDecoder, SegmentingDecoder } from './decoderEngine';

/** @param engine by default TensorFlow.js, which must already be started */
export async function createSegmenter(
  fitted: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>,
  engine?: Decoders,
): Promise<SegmentingDecoder> {
  const { segmenter } = engine ?? (await import('./tfjsEngine')).tfjsEngine;
  return segmenter(fitted);
}
