/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Learned from two studies, found in a third, with the real encoder. */
import { builtKernels, kernelProducts } from '../../../test/parity/kernelDecoders';
import { encoderOnnx } from '../../../test/parity/realModel';
import type { Mask, Slice } from '../image/slice';
import { countOverlap, dice, sumOverlaps } from '../image/overlap';
import type { FewshotStudy } from '../job/method';
import { createWasmExecutor } from '../program/wasm/executor';
import type { ImageEncoder } from '../sam/imageEncoder';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import { head, learnHead } from './applyHead';
import type { HeadParts } from './learnHead';

const SIDE = 64;
const WINDOW = { kind: 'clip', low: 0, high: 200 } as const;

/** A bright disk in a gray body, for which `radius` 0 says that it is absent. */
function drawn(index: number, radius: number, brightness: number) {
  const mask: Mask = new Uint8Array(SIDE * SIDE);
  const pixels = Float32Array.from(mask, (_, i) => {
    const y = Math.floor(i / SIDE) + 0.5 - SIDE / 2;
    const x = (i % SIDE) + 0.5 - SIDE / 2;
    if (Math.hypot(y, x - 8) < radius) mask[i] = 1;
    return (mask[i] ? brightness : Math.hypot(y, x) < 28 ? 70 : 0) + 6 * Math.sin(i * i);
  });
  const grid = { rows: SIDE, columns: SIDE, rowSpacing: 4, columnSpacing: 4 };
  const slice: Slice = { pixels, ...grid, index, identity: `${index} ${radius} ${brightness}` };
  return { slice, mask };
}

function study(brightness: number, radii: readonly number[]): FewshotStudy & { masks: Mask[] } {
  const all = radii.map((radius, index) => drawn(index, radius, brightness));
  return {
    slices: all.map(({ slice }) => slice),
    labels: new Map(all.map(({ slice, mask }) => [slice.index, mask])),
    masks: all.map(({ mask }) => mask),
    window: WINDOW,
  };
}

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
