/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** SAM with prompts, against SAM's own export on ONNX Runtime, on a real MR slice. */
import * as tf from '@tensorflow/tfjs-core';
import {
  runOriginalDecoder,
  weightsWithIouHead,
  type LabeledPoint,
} from '../../../test/parity/originalDecoder';
import { brainSlice, realEncoder, WASM_PATH } from '../../../test/parity/realModel';
import { encoderInput } from './encoderInput';
import { MR_PERCENTILES } from '../image/slice';
import { resolveWindow } from '../image/window';
import { selectBackend } from '../runtime/selectBackend';
import type { Prompts } from './promptEncoder';
import { PromptedDecoder } from './promptedDecoder';
import type { Weights } from './weights';

const PADDING: LabeledPoint = { x: 0, y: 0, label: -1 };

/** The same prompts as our decoder and as SAM's export take them. */
const INSIDE = { x: 470.5, y: 400, isForeground: true };
const ELSEWHERE = { x: 620, y: 700.25, isForeground: true };
const OUTSIDE = { x: 300, y: 520, isForeground: false };
const BOX = { left: 200, top: 120, right: 800, bottom: 520 };
const asLabeled = ({ x, y, isForeground }: typeof INSIDE): LabeledPoint => ({
  x,
  y,
  label: isForeground ? 1 : 0,
});
const CORNERS: LabeledPoint[] = [
  { x: BOX.left, y: BOX.top, label: 2 },
  { x: BOX.right, y: BOX.bottom, label: 3 },
];

describe('PromptedDecoder on wasm', () => {
  let weights: Weights;
  let decoder: PromptedDecoder;
  let embedding: Float32Array;

  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    weights = await weightsWithIouHead();
    decoder = new PromptedDecoder(weights);
    const slice = await brainSlice();
    const encoder = await realEncoder();
    const { input } = encoderInput(slice, resolveWindow(MR_PERCENTILES, [slice]));
    embedding = await encoder.encode(input);
    await encoder.dispose();
  });
  afterAll(() => decoder.dispose());

  it.each([INSIDE, ELSEWHERE])(
    'chooses and draws the mask of SAM for the point %j',
    async point => {
      const original = await runOriginalDecoder(embedding, [asLabeled(point), PADDING]);
      const { logits, mask } = await decoder.segment(embedding, { points: [point] });
      expect([1, 2, 3]).toContain(mask);
      expect(largestDifference(logits, original.chosen)).toBeLessThan(1e-3);
      // The three differ, so that another choice would be seen.
      for (const other of [1, 2, 3].filter(value => value !== mask)) {
        expect(largestDifference(logits, original.masks[other])).toBeGreaterThan(1);
      }
    },
  );

  it.each<[string, Prompts, LabeledPoint[]]>([
    ['a box', { box: BOX }, CORNERS],
    ['two points', { points: [INSIDE, OUTSIDE] }, [asLabeled(INSIDE), asLabeled(OUTSIDE), PADDING]],
    ['a point and a box', { points: [INSIDE], box: BOX }, [asLabeled(INSIDE), ...CORNERS]],
  ])('takes SAM’s single mask for %s', async (_, prompts, points) => {
    const original = await runOriginalDecoder(embedding, points);
    const { logits, mask } = await decoder.segment(embedding, prompts);
    expect(mask).toBe(0);
    expect(largestDifference(logits, original.masks[0])).toBeLessThan(1e-3);
    expect(largestDifference(logits, original.masks[1])).toBeGreaterThan(1);
  });

  it('estimates the IoU of all four masks as SAM does', async () => {
    for (const [prompts, points] of [
      [{ points: [INSIDE] }, [asLabeled(INSIDE), PADDING]],
      [{ box: BOX }, CORNERS],
    ] as const) {
      const { iou } = await runOriginalDecoder(embedding, points);
      const estimates = await decoder.estimateIou(embedding, prompts);
      expect(estimates.length).toBe(4);
      expect(largestDifference(estimates, iou)).toBeLessThan(1e-4);
    }
  });

  it('leaves nothing behind on the backend', async () => {
    await decoder.segment(embedding, { points: [INSIDE] });
    const { numTensors } = tf.memory();
    await decoder.segment(embedding, { points: [INSIDE] });
    await decoder.segment(embedding, { box: BOX });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it('does not choose for a point without SAM’s IoU head', async () => {
    const without = [...weights].filter(([name]) => !name.includes('iou_prediction_head'));
    const poorer = new PromptedDecoder(new Map(without));
    await expect(poorer.segment(embedding, { points: [INSIDE] })).rejects.toMatchObject({
      code: 'model-altered',
      message: expect.stringContaining('mask_decoder.iou_prediction_head.layers.0.weight'),
    });
    expect((await poorer.segment(embedding, { box: BOX })).mask).toBe(0);
    poorer.dispose();
  });
});

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}
