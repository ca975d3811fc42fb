/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/**
 * LiteMedSAM, the second encoder, against the original in PyTorch (liteMedSam.py). Skipped unless
 * `npm run setup -- --model lite-medsam` has prepared it.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { kernelsInNode } from '../../engine/src/program/wasm/kernelsNode';
import { PIXEL_MEAN, PIXEL_STD } from '../../engine/src/sam/encoderInput';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import { createImageEncoderWasm } from '../../engine/src/sam/imageEncoderWasm';
import { parseSafetensors } from '../../engine/src/sam/safetensors';
import expected from './liteMedSam.json';

const MODEL = path.join(__dirname, '../../public/models/lite-medsam');
const KERNELS = path.join(__dirname, '../../engine/dist');
const SIDE = 1024;
const prepared = existsSync(path.join(MODEL, 'encoder.safetensors'));

/** The image of liteMedSam.py, each of its 256 x 256 pixels as 4 x 4 pixels, with SAM's mean and deviation. */
function input(): Float32Array {
  const values = new Float32Array(3 * SIDE * SIDE);
  for (let channel = 0, at = 0; channel < 3; channel++) {
    for (let row = 0; row < SIDE; row++) {
      for (let column = 0; column < SIDE; column++, at++) {
        const [x, y] = [column >> 2, row >> 2];
        const value = 0.5 + 0.5 * Math.sin(0.11 * x + 0.05 * (channel + 1) * y);
        values[at] = (255 * value - PIXEL_MEAN[channel]) / PIXEL_STD[channel];
      }
    }
  }
  return values;
}

function largestDifference(embedding: Float32Array): number {
  expect(embedding).toHaveLength(256 * 64 * 64);
  return expected.values.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - embedding[at * expected.step])),
    0,
  );
}

(prepared ? describe : describe.skip)(
  'LiteMedSAM computes what the original in PyTorch does (prepare it with `npm run setup -- --model lite-medsam`)',
  () => {
    const file = async (name: string) => new Uint8Array(await readFile(path.join(MODEL, name)));
    // The weights are rounded to half precision.
    const limit = 0.003 * (expected.high - expected.low);

    it('in ONNX Runtime', async () => {
      const encoder = await createImageEncoderNode(
        await file('encoder.onnx'),
        await file('encoder.safetensors'),
      );
      expect(largestDifference(await encoder.encode(input()))).toBeLessThan(limit);
      await encoder.dispose();
    });

    it('in our own kernels', async () => {
      const { weights } = parseSafetensors(await file('encoder.safetensors'));
      const encoder = await createImageEncoderWasm(weights, await kernelsInNode(KERNELS), 1);
      expect(largestDifference(await encoder.encode(input()))).toBeLessThan(limit);
      await encoder.dispose();
    });
  },
);
