/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** What is promised where the image shows little of the structure, with the real encoder. */
import { MemoryCache } from '../../engine/src/cache/memoryCache';
import { context } from '../../engine/src/context/context';
import type { PropagateParts } from '../../engine/src/methods/parts';
import { countOverlap, dice, sumOverlaps } from '../../engine/src/image/overlap';
import type { ImageEncoder } from '../../engine/src/sam/imageEncoder';
import { ODD_CASES, PLAIN_CASES } from '../bench/confidence/oddCases';
import { kernelMatcher, kernelProducts } from './kernelDecoders';
import { realEncoder } from './realModel';

let encoder: ImageEncoder;
let parts: PropagateParts;
beforeAll(async () => {
  encoder = await realEncoder();
  parts = {
    encoder,
    modelSha256: 'test',
    weights: new Map(),
    cache: new MemoryCache(256 * 2 ** 20),
    products: await kernelProducts(),
    match: await kernelMatcher(),
  };
});
afterAll(() => encoder.dispose());

async function promiseOf(id: string) {
  const { job, truth } = await [...PLAIN_CASES, ...ODD_CASES].find(one => one.id === id)!.load();
  const { slices, expectedDice } = await context(job, parts);
  const overlaps = slices
    .filter(({ mask }) => mask.includes(1))
    .map(({ index, mask }) => countOverlap(mask, truth.get(index)!));
  return { promised: expectedDice ?? 0, true: dice(sumOverlaps(overlaps)) };
}

// Slices that two cases share are encoded once.
it.each(['moved aside by 40 mm', 'jumps', 'ends between outlines', 'iso-dense lesion'])(
  'promises no more than there is: %s',
  async id => {
    const result = await promiseOf(id);
    expect(result.promised).toBeLessThan(result.true + 0.1);
  },
  240_000,
);

it('promises what there is where nothing is wrong', async () => {
  const result = await promiseOf('plain organ');
  expect(result.true).toBeGreaterThan(0.98);
  expect(result.promised).toBeGreaterThan(0.9);
}, 240_000);
