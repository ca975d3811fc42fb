import { evenlySpaced, outcomesOf, toLookAt } from './summary';

test('picks evenly and keeps both ends', () => {
  expect(evenlySpaced([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
  expect(evenlySpaced([4, 5], 6)).toEqual([4, 5]);
});

test('tells drawn, predicted, empty and untouched slices apart', () => {
  const digest = { count: 3, hash: 1 };
  const written = new Map([
    [1, new Uint8Array(1)],
    [2, new Uint8Array(1)],
  ]);
  const slices = new Map([
    [0, digest],
    [1, digest],
  ]);
  expect(outcomesOf(4, written, slices)).toEqual(['drawn', 'predicted', 'empty', 'outside-range']);
});

test('a slice that was too far away to be searched is not one where nothing was found', () => {
  const written = new Map([0, 1].map(index => [index, new Uint8Array(1)]));
  expect(outcomesOf(2, written, new Map(), [1])).toEqual(['empty', 'not-searched']);
});

describe('toLookAt', () => {
  const result = (confidences: (number | undefined)[]) => ({
    slices: confidences.map((confidence, index) => ({
      index,
      confidence,
      mask: new Uint8Array(1),
      probability: () => new Float32Array(1),
    })),
  });
  const all = [0, 1, 2, 3, 4, 5, 6, 7];

  it('picks the least sure slices, in their order', () => {
    const looked = toLookAt(all, result([0.9, 0.5, 0.95, 0.8, 0.97, 0.7, 0.6, 0.9]));
    expect(looked.map(({ sliceIndex }) => sliceIndex)).toEqual([0, 1, 3, 5, 6, 7]);
    expect(looked[1].confidence).toBe(0.5);
  });

  it('spreads evenly where nothing is known', () => {
    const looked = toLookAt(all, result(all.map(() => undefined)));
    expect(looked.map(({ sliceIndex }) => sliceIndex)).toEqual([0, 1, 3, 4, 6, 7]);
  });
});
