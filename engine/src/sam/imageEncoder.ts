import { FewshotError } from '../platform/errors';

/** Shape of one image embedding: channels, token rows, token columns. */
export const EMBEDDING_CHANNELS = 256;
export const EMBEDDING_SIZE = 64;
/** Side in pixels of the square encoder input that SAM was trained on. */
export const ENCODER_INPUT_SIZE = 1024;
/** Side of a token in pixels of the encoder input. */
export const TOKEN_PIXELS = ENCODER_INPUT_SIZE / EMBEDDING_SIZE;

/**
 * Input sides in use for MobileSAM's encoder. Multiples of 224 fill its attention windows of 7 and 14
 * tokens, of 8 and 16 pixels, without waste.
 */
export const ENCODER_SIZES: readonly number[] = [448, 512, 672, 896, ENCODER_INPUT_SIZE];

/** The frozen SAM image encoder. */
export interface ImageEncoder {
  /** Compute device, e.g. 'webgpu', 'wasm (2 threads)', 'cpu'. */
  readonly device: string;
  /** The GPU device in use, so that others can share it. */
  readonly gpu?: GPUDevice;
  /** Supported sides of the square input; if absent, only `ENCODER_INPUT_SIZE`. */
  readonly sizes?: readonly number[];
  /**
   * @param input [3, size, size] float32, normalized as SAM expects
   * @returns [256, size / 16, size / 16] float32, channel-major
   * @throws FewshotError `bad-result` when the output holds NaN or is constant
   */
  encode(input: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** Returns the side of a square input [3, size, size] from its length. */
export function inputSizeOf({ length }: Float32Array): number {
  return Math.round(Math.sqrt(length / 3));
}

/**
 * Checks an embedding.
 *
 * @param inputSize side of the encoder input, pixels
 * @throws FewshotError `bad-result` when the embedding has the wrong length, holds NaN or Infinity, or is
 *   constant
 */
export function checkEmbedding(embedding: Float32Array, inputSize: number): void {
  const fault = embeddingFault(embedding, inputSize);
  if (fault) {
    throw new FewshotError(
      'bad-result',
      `The image encoder gave an unusable result: ${fault}.`,
      'Try again; if it happens again, choose the CPU backend.',
    );
  }
}

/** Describes what is wrong with an embedding; null if nothing is. */
function embeddingFault(embedding: Float32Array, inputSize: number): string | null {
  const length = EMBEDDING_CHANNELS * (inputSize / TOKEN_PIXELS) ** 2;
  if (embedding.length !== length) return `${embedding.length} values instead of ${length}`;
  let isConstant = true;
  for (let i = 0; i < embedding.length; i++) {
    if (!Number.isFinite(embedding[i])) return `value ${i} is ${embedding[i]}`;
    if (embedding[i] !== embedding[0]) isConstant = false;
  }
  return isConstant ? `every value is ${embedding[0]}` : null;
}
