/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Our mask decoder on TensorFlow.js against SAM's own on ONNX Runtime, on a real MR slice. */
import * as tf from '@tensorflow/tfjs-core';
import onnxProto from 'onnx-proto';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encoderInput } from '../../engine/src/sam/encoderInput';
import { MR_PERCENTILES } from '../../engine/src/image/slice';
import { resolveWindow } from '../../engine/src/image/window';
import { imageTokens } from '../../engine/src/finetune/fewshotDecoder';
import { selectBackend } from '../../engine/src/runtime/selectBackend';
import { decoderParameters } from '../../engine/src/sam/decoderParameters';
import { maskDecoder } from '../../engine/src/sam/maskDecoder';
import { positionEncoding } from '../../engine/src/sam/positionEncoding';
import { toRowMajor } from '../../engine/src/sam/tokenOrder';
import type { Weights } from '../../engine/src/sam/weights';
import { brainSlice, decoderWeights, realEncoder, samOnnx, WASM_PATH } from './realModel';

/** Top left and bottom right of a box around the head's upper half, in pixels of the encoder input. */
const BOX = [200, 120, 800, 520] as const;
const MASK_PIXELS = 256 * 256;
/** SAM chooses among masks 1 to 3; mask 0 is the one for when a single answer is wanted. */
const MASKS = [0, 1, 2, 3];

describe('maskDecoder on wasm', () => {
  let weights: Weights;
  let embedding: Float32Array;
  let expected: Float32Array;

  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    weights = await decoderWeights();
    const slice = await brainSlice();
    const encoder = await realEncoder();
    const { input } = encoderInput(slice, resolveWindow(MR_PERCENTILES, [slice]));
    embedding = await encoder.encode(input);
    await encoder.dispose();
    expected = await masksOfOnnx(await samOnnx(), embedding);
  });

  it('gives the masks of SAM for a box prompt', async () => {
    const parameters = decoderParameters(weights, MASKS);
    const logits = tf.tidy(() => {
      const image = tf.add(imageTokens(embedding), rowOf(weights, 'prompt_encoder.no_mask_embed'));
      const position = tf.tensor2d(positionEncoding(gaussian(weights), 64), [64 * 64, 256]);
      const maskTokens = MASKS.map(mask => ({ row: 1 + mask, hypernetwork: mask }));
      return maskDecoder(parameters.get, promptTokens(weights), image, position, maskTokens);
    });
    const actual = (await logits.data()) as Float32Array;
    tf.dispose(logits);
    parameters.dispose();

    const differences = MASKS.map((_, mask) => {
      const [from, to] = [mask * MASK_PIXELS, (mask + 1) * MASK_PIXELS];
      return largestDifference(toRowMajor(actual.slice(from, to)), expected.slice(from, to));
    });
    console.log(`Largest difference of the logits, per mask: ${differences.join(', ')}`);
    expect(Math.max(...differences)).toBeLessThan(1e-3);
    // The picture shows something: a difference of 1e-3 is small against what the logits span.
    expect(
      largestDifference(
        expected,
        expected.map(() => expected[0]),
      ),
    ).toBeGreaterThan(10);
  });
});

/** SAM's tokens: IoU, four masks, then the box's two corners. */
function promptTokens(weights: Weights): tf.Tensor2D {
  const [left, top, right, bottom] = BOX;
  return tf.concat([
    rowOf(weights, 'mask_decoder.iou_token'),
    rowOf(weights, 'mask_decoder.mask_tokens'),
    tf.add(pointEncoding(weights, left, top), rowOf(weights, 'prompt_encoder.point_embeddings.2')),
    tf.add(
      pointEncoding(weights, right, bottom),
      rowOf(weights, 'prompt_encoder.point_embeddings.3'),
    ),
  ]) as tf.Tensor2D;
}

function rowOf(weights: Weights, name: string): tf.Tensor2D {
  const { data, shape } = weights.get(`${name}.weight`)!;
  return tf.tensor2d(data, shape as [number, number]);
}

function gaussian(weights: Weights): Float32Array {
  return weights.get('prompt_encoder.pe_layer.positional_encoding_gaussian_matrix')!.data;
}

/** Source: segment_anything/modeling/prompt_encoder.py, `forward_with_coords`. */
function pointEncoding(weights: Weights, x: number, y: number): tf.Tensor2D {
  const matrix = gaussian(weights);
  const unit = (pixel: number) => (2 * (pixel + 0.5)) / 1024 - 1;
  const angles = Array.from(
    { length: 128 },
    (_, i) => 2 * Math.PI * (unit(x) * matrix[i] + unit(y) * matrix[128 + i]),
  );
  return tf.tensor2d([[...angles.map(Math.sin), ...angles.map(Math.cos)]]);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

/**
 * All masks of the ONNX graph, [4, 256, 256]. The graph itself gives out only the one with the best
 * estimated IoU, so the product of hyper-networks and upscaled image is made an output too.
 */
async function masksOfOnnx(bytes: Uint8Array, embedding: Float32Array): Promise<Float32Array> {
  const { onnx } = onnxProto;
  const model = onnx.ModelProto.decode(bytes);
  const product = model.graph!.node!.filter(({ opType }) => opType === 'MatMul').at(-1)!;
  const name = product.output![0];
  const float = { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT } };
  model.graph!.output!.push({ name, type: float });
  const session = await InferenceSession.create(onnx.ModelProto.encode(model).finish(), {
    logSeverityLevel: 3,
  });
  const tensor = (values: Iterable<number>, ...dims: number[]) =>
    new Tensor('float32', Float32Array.from(values), dims);
  const outputs = await session.run(
    {
      image_embeddings: tensor(embedding, 1, 256, 64, 64),
      point_coords: tensor(BOX, 1, 2, 2),
      point_labels: tensor([2, 3], 1, 2),
      mask_input: tensor(new Float32Array(MASK_PIXELS), 1, 1, 256, 256),
      has_mask_input: tensor([0], 1),
      orig_im_size: tensor([256, 256], 2),
    },
    [name],
  );
  const all = (outputs[name].data as Float32Array).slice();
  await session.release();
  return all;
}
