/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import { encoderFiles } from '../../../scripts/model/encoderFiles';
import { encoderOnnx } from '../../../test/parity/realModel';
import { encoderInput } from './encoderInput';
import type { Slice } from '../image/slice';
import type { ImageEncoder } from './imageEncoder';
import { createImageEncoderNode } from './imageEncoderOnnxNode';

/** A bright square on a dark ground. */
function picture(): Slice {
  const pixels = new Float32Array(64 * 64);
  for (let row = 16; row < 40; row++) pixels.fill(100, row * 64 + 20, row * 64 + 44);
  return {
    pixels,
    rows: 64,
    columns: 64,
    rowSpacing: 1,
    columnSpacing: 1,
    index: 0,
    identity: 'square',
  };
}

describe('MobileSAM encoder on onnxruntime-node', () => {
  let encoder: ImageEncoder;
  beforeAll(async () => {
    encoder = await createImageEncoderNode(await encoderOnnx());
  });
  afterAll(() => encoder.dispose());

  it('encodes a picture so that inside and outside of a shape differ', async () => {
    const { input } = encoderInput(picture(), { low: 0, high: 100 });
    const embedding = await encoder.encode(input);
    expect(embedding.length).toBe(256 * 64 * 64);

    const vector = (row: number, column: number) =>
      Array.from({ length: 256 }, (_, channel) => embedding[(channel * 64 + row) * 64 + column]);
    const cosine = (a: number[], b: number[]) => {
      const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    const inside = vector(28, 32);
    expect(cosine(inside, vector(24, 28))).toBeGreaterThan(cosine(inside, vector(56, 8)) + 0.2);
  });

  it('runs two slices asked for at once one after the other, with the same result', async () => {
    const { input } = encoderInput(picture(), { low: 0, high: 100 });
    const [first, second] = await Promise.all([encoder.encode(input), encoder.encode(input)]);
    expect(second).toEqual(first);
  });

  it('refuses to pass on an embedding of NaN', async () => {
    const input = new Float32Array(3 * 1024 * 1024).fill(NaN);
    await expect(encoder.encode(input)).rejects.toMatchObject({ code: 'bad-result' });
  });

  it('takes the weights from beside the graph, and says so when they are not there', async () => {
    const { graph, weights } = encoderFiles(await encoderOnnx());
    const half = await createImageEncoderNode(graph, weights);
    const { input } = encoderInput(picture(), { low: 0, high: 100 });
    const embedding = await half.encode(input);
    await half.dispose();
    const full = await encoder.encode(input);
    const largest = full.reduce((most, v, i) => Math.max(most, Math.abs(v - embedding[i])), 0);
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThan(0.01);
    for (const wrong of [undefined, weights.subarray(0, weights.length / 2)]) {
      await expect(createImageEncoderNode(graph, wrong)).rejects.toMatchObject({
        code: 'backend-unusable',
      });
    }
  });

  it('says what is wrong with bytes that are no model', async () => {
    await expect(createImageEncoderNode(new Uint8Array(100))).rejects.toMatchObject({
      code: 'backend-unusable',
      message: expect.stringContaining('could not load the image encoder'),
    });
  });
});
