/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Learned from two studies, found in a third, with the real encoder. */
import { builtKernels, kernelProducts } from '../../../test/parity/kernelDecoders';
import { encoderOnnx } from '../../../test/parity/realModel';
import { countOverlap, dice, sumOverlaps } from '../image/overlap';
import { createWasmExecutor } from '../program/wasm/executor';
import type { ImageEncoder } from '../sam/imageEncoder';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import { head, learnHead } from './applyHead';
import type { HeadParts } from './learnHead';
import { study } from './testStudies';

describe('heads', () => {
  let encoder: ImageEncoder;
  let parts: HeadParts;
  beforeAll(async () => {
    const kernels = await builtKernels();
    encoder = await createImageEncoderNode(await encoderOnnx(), undefined, 1);
    parts = {
      ...{ encoder, modelSha256: 'of MobileSAM', weights: new Map() },
      products: await kernelProducts(),
      createExecutor: program => createWasmExecutor(program, kernels, 1),
    };
  });
  afterAll(() => encoder.dispose());

  it('find in a third study what they learned in two, and nothing where it is absent', async () => {
    const learned = await learnHead(
      [study(150, [9, 0]), study(170, [8, 0])],
      { iterations: 20, seed: 0 },
      parts,
    );
    expect(learned.losses).toHaveLength(20);
    expect(learned.losses.at(-1)!).toBeLessThan(learned.losses[0] / 2);

    const { slices, window, masks } = study(160, [0, 8, 9]);
    const found = await learned.apply({ slices, window });
    expect(found.slices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(found.slices[0].mask.includes(1)).toBe(false);
    const overlaps = found.slices.map(({ mask }, i) => countOverlap(mask, masks[i]));
    expect(dice(sumOverlaps(overlaps))).toBeGreaterThan(0.7);
  }, 180_000);

  it('need outlines, kernels, and another study', async () => {
    const one = study(150, [9, 0]);
    await expect(learnHead([study(150, [0, 0])], {}, parts)).rejects.toMatchObject({
      code: 'bad-input',
      message: 'No slice is outlined.',
    });
    await expect(
      learnHead([one, one], {}, { ...parts, createExecutor: undefined }),
    ).rejects.toMatchObject({ code: 'backend-unusable' });
    const targets = [1];
    await expect(
      head({ ...one, labels: new Map(one.labels), targets }, parts),
    ).rejects.toMatchObject({
      code: 'bad-input',
      remedy: 'Use context where there are some.',
    });
  });
});
