import { embeddingKey, type EmbeddingCache } from '../cache/embeddingCache';
import { encoderFrame, type EncoderFrame } from '../sam/encoderFrame';
import type { CropRectangle } from '../image/slice';
import { encoderInput } from '../sam/encoderInput';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { fromFloat16, toFloat16 } from '../numeric/float16';
import { ENCODER_INPUT_SIZE, type ImageEncoder } from '../sam/imageEncoder';
import type { JobParts } from './method';

/**
 * Returns an encoder of inputs of a size, or null if there is none.
 *
 * @param size side of the input, pixels
 */
export async function encoderOfSize(
  { encoder, smallEncoder }: Pick<JobParts, 'encoder' | 'smallEncoder'>,
  size: number,
): Promise<ImageEncoder | null> {
  if (sizesOf(encoder).includes(size)) return encoder;
  const small = await smallEncoder?.();
  return small && sizesOf(small).includes(size) ? small : null;
}

const sizesOf = ({ sizes }: ImageEncoder): readonly number[] => sizes ?? [ENCODER_INPUT_SIZE];

/**
 * Embeddings of the slices of one study, from the cache if there. Computed embeddings are rounded to half
 * precision, as caches store them, even without a cache: so a slice gives the same result wherever its
 * embedding comes from.
 */
export class Embeddings {
  /** Time spent on encoding, including cache access. */
  seconds = 0;
  fromCache = 0;
  /** Input buffers of earlier slices, for reuse. */
  private readonly spare: Float32Array[] = [];
  private readonly size: number;

  /**
   * @param modelSha256 hash of the encoder's weights, part of every cache key
   * @param size side of the encoder's input; 1024 if the encoder does not support it
   */
  constructor(
    private readonly encoder: ImageEncoder,
    private readonly modelSha256: string,
    private readonly window: ResolvedWindow,
    private readonly cache?: EmbeddingCache,
    size: number = ENCODER_INPUT_SIZE,
  ) {
    this.size = encoder.sizes?.includes(size) ? size : ENCODER_INPUT_SIZE;
  }

  /**
   * @param crop part of the slice to encode; by default all of it
   * @returns the embedding, [256, size / 16, size / 16], and where the slice lies in it
   */
  async of(
    slice: Slice,
    crop?: CropRectangle,
  ): Promise<{ embedding: Float32Array; frame: EncoderFrame }> {
    const start = performance.now();
    const { size } = this;
    const frame = encoderFrame(slice, crop);
    const key =
      this.cache && (await embeddingKey(this.modelSha256, slice, this.window, frame, size));
    const known = key && (await this.cache?.get(key));
    if (known) {
      this.fromCache++;
      const embedding = fromFloat16(known);
      this.seconds += (performance.now() - start) / 1000;
      return { embedding, frame };
    }
    const { input } = encoderInput(slice, this.window, { crop, size, into: this.spare.pop() });
    const encoded = await this.encoder.encode(input);
    this.spare.push(input);
    const kept = toFloat16(encoded);
    if (key) await this.cache?.put(key, kept);
    const embedding = fromFloat16(kept, encoded);
    this.seconds += (performance.now() - start) / 1000;
    return { embedding, frame };
  }
}
