import type { EncoderFrame } from '../sam/encoderFrame';
import { PREPROCESSING_VERSION } from '../sam/encoderInput';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import { sha256Hex } from '../platform/sha256';

/** An embedding in half precision, the bits of each value: see `toFloat16`. */
export type KeptEmbedding = Uint16Array;

/** Keeps embeddings between runs. A cache never fails a run: an unreadable entry is a miss. */
export interface EmbeddingCache {
  /** @returns the embedding, or null when it is missing or damaged */
  get(key: string): Promise<KeptEmbedding | null>;
  put(key: string, embedding: KeptEmbedding): Promise<void>;
}

/**
 * Returns the key of one embedding: SHA-256, in hex, of everything it depends on. The slice's identity
 * cannot be read from it. For the input size 1024, the key omits the size, to match keys made before other
 * sizes existed.
 *
 * @param size side of the encoder input
 */
export function embeddingKey(
  modelSha256: string,
  slice: Slice,
  { low, high }: ResolvedWindow,
  { crop }: EncoderFrame,
  size: number,
): Promise<string> {
  return sha256Hex(
    JSON.stringify([
      PREPROCESSING_VERSION,
      modelSha256,
      slice.identity,
      [slice.rows, slice.columns, slice.rowSpacing, slice.columnSpacing],
      [low, high],
      [crop.row, crop.column, crop.rows, crop.columns],
      ...(size === ENCODER_INPUT_SIZE ? [] : [size]),
    ]),
  );
}

/**
 * Puts a fast cache in front of a persistent one: reads fill the front, writes go to both.
 *
 * @param front read first, e.g. memory
 * @param back read when the front misses, e.g. a disk
 */
export function layeredCache(front: EmbeddingCache, back: EmbeddingCache): EmbeddingCache {
  return {
    async get(key) {
      const near = await front.get(key);
      if (near) return near;
      const far = await back.get(key);
      if (far) await front.put(key, far);
      return far;
    },
    async put(key, embedding) {
      await front.put(key, embedding);
      await back.put(key, embedding);
    },
  };
}
