/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Our own kernels against ONNX Runtime, at every input size: two programs that share nothing. */
import path from 'node:path';
import { encoderFiles, type EncoderFiles } from '../../scripts/model/encoderFiles';
import { kernelsInNode } from '../../engine/src/program/wasm/kernelsNode';
import { encoderInput } from '../../engine/src/sam/encoderInput';
import type { Slice } from '../../engine/src/image/slice';
import { ENCODER_SIZES, type ImageEncoder } from '../../engine/src/sam/imageEncoder';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import { createImageEncoderWasm } from '../../engine/src/sam/imageEncoderWasm';
import { parseSafetensors } from '../../engine/src/sam/safetensors';
import { brainSlice, encoderOnnx } from './realModel';

const KERNELS = path.join(__dirname, '../../engine/dist');
const WINDOW = { low: 0, high: 1000 };

describe('the image encoder at other input sizes', () => {
  let files: EncoderFiles;
  let slice: Slice;
  let own: ImageEncoder;
  let onnx: ImageEncoder;
  beforeAll(async () => {
    files = encoderFiles(await encoderOnnx());
    slice = await brainSlice();
    const { weights } = parseSafetensors(files.weights);
    own = await createImageEncoderWasm(weights, await kernelsInNode(KERNELS), 1);
    onnx = await createImageEncoderNode(files.graph, files.weights);
  });
  afterAll(async () => {
    await own?.dispose();
    await onnx?.dispose();
  });

  it.each(ENCODER_SIZES)('is the same in our kernels and in ONNX Runtime at %i', async size => {
    const { input } = encoderInput(slice, WINDOW, { size });
    const expected = await onnx.encode(input);
    const actual = await own.encode(input);
    expect(actual.length).toBe(256 * (size / 16) ** 2);
    expect(actual.length).toBe(expected.length);
    const [low, high] = [Math.min, Math.max].map(most =>
      expected.reduce((one, other) => most(one, other)),
    );
    const largest = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - actual[i])), 0);
    console.log(`${size}: largest difference ${largest} of values ${low} to ${high}`);
    expect(high - low).toBeGreaterThan(0.2);
    expect(largest).toBeLessThan(1e-4 * (high - low));
  });
});
