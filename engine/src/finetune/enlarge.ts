import { linearWeights, resample } from '../image/resample';
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from '../sam/imageEncoder';

export const TASK_ENCODER_SIZE = Number(process.env.TASK_SIZE ?? 1024);

export function enlarged(embedding: Float32Array): Float32Array {
  const side = Math.round(Math.sqrt(embedding.length / EMBEDDING_CHANNELS));
  if (side === EMBEDDING_SIZE) return embedding;
  const weights = linearWeights({
    sourceSize: side,
    targetSize: EMBEDDING_SIZE,
    step: side / EMBEDDING_SIZE,
    offset: 0,
  });
  const out = new Float32Array(EMBEDDING_CHANNELS * EMBEDDING_SIZE ** 2);
  for (let c = 0; c < EMBEDDING_CHANNELS; c++) {
    out.set(
      resample(embedding.subarray(c * side * side, (c + 1) * side * side), side, weights, weights),
      c * EMBEDDING_SIZE ** 2,
    );
  }
  return out;
}
