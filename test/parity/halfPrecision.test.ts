/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Half the bytes, the same masks. `npm run bench:precision` asks the same of more slices. */
import { MR_PERCENTILES } from '../../engine/src/image/slice';
import { resolveWindow } from '../../engine/src/image/window';
import { selectBackend } from '../../engine/src/runtime/selectBackend';
import type { BoxPrompt } from '../../engine/src/sam/promptEncoder';
import {
  bothModels,
  comparePrecisions,
  comparisonText,
  disposeModels,
  LEAST_COSINE,
  LEAST_IOU,
  type Models,
} from './precision';
import { brainSlice, encoderOnnx, samOnnx, WASM_PATH } from './realModel';

describe('the model in half precision', () => {
  let models: Models;
  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    models = await bothModels(await encoderOnnx(), await samOnnx());
  });
  afterAll(() => disposeModels(models));

  it.each<[string, BoxPrompt]>([
    ['all of the head', { left: 120, top: 60, right: 900, bottom: 960 }],
    ['its upper half', { left: 200, top: 120, right: 800, bottom: 520 }],
    ['a small part', { left: 420, top: 380, right: 540, bottom: 500 }],
  ])(
    'finds what the published one finds, on an MR slice with a box around %s',
    async (_, box) => {
      const slice = await brainSlice();
      const window = resolveWindow(MR_PERCENTILES, [slice]);
      const found = await comparePrecisions(models, slice, window, [box]);
      console.log(comparisonText(found));
      expect(found.pixels).toBeGreaterThan(100);
      expect(found.iou).toBeGreaterThanOrEqual(LEAST_IOU);
      expect(found.cosine).toBeGreaterThan(LEAST_COSINE);
      expect(found.largestError).toBeLessThan(found.spread / 10);
    },
    120_000,
  );
});
