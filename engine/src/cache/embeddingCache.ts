import type { EncoderFrame } from '../sam/encoderFrame';
import { PREPROCESSING_VERSION } from '../sam/encoderInput';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import { sha256Hex } from '../platform/sha256';

/** An embedding in half precision, the bits of each value: see `toFloat16`. */
export type KeptEmbedding = Uint16Array;

/** Keeps embeddings between runs. A cache never fails a run: what it cannot read is a miss. */
export interface EmbeddingCache {
  /** @returns the embedding, or null when it is not there or no longer intact */
  get(key: string): Promise<KeptEmbedding | null>;
  put(key: string, embedding: KeptEmbedding): Promise<void>;
}

/**
 * Names one embedding: SHA-256, in hex, of everything it depends on. Nothing of the slice's
 * identity can be read from it. An input of 1024 x 1024 has the name that it had before there were others.
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
 * A fast cache in front of a lasting one: reads fill the front, writes go to both.
 *
 * @param front asked first, e.g. memory
 * @param back asked when the front has a miss, e.g. a disk
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
