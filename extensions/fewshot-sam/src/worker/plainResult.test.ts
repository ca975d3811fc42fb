import { buffersOf, slicesSoFar, fromPlainSlice, plainResult, plainSlice } from './plainResult';

const slice = {
  index: 4,
  mask: Uint8Array.of(1, 0),
  probability: () => Float32Array.of(0.9, 0.2),
  confidence: 0.8,
};

it('takes no more along of what was learned than its weights', () => {
  const file = new Float32Array(1000);
  const weights = new Map([['a', { shape: [2], data: file.subarray(4, 6).fill(3) }]]);
  const asked = { kind: 'clip', low: 0, high: 1 } as const;
  const { continuation } = plainResult({
    slices: [],
    iterations: 1,
    losses: [1],
    seconds: { encode: 0, fit: 0, propagate: 0 },
    embeddingsFromCache: 0,
    continuation: { asked, window: { low: 0, high: 1 }, weights },
  });
  const { shape, data } = continuation!.weights!.get('a')!;
  expect([shape, [...data]]).toEqual([[2], [3, 3]]);
  expect(data.buffer.byteLength).toBe(8);
});

describe('a slice on its way from the worker', () => {
  it('survives structured clone', () => {
    const { probability, ...rest } = fromPlainSlice(structuredClone(plainSlice(slice)));
    expect(rest).toEqual({ index: 4, mask: Uint8Array.of(1, 0), confidence: 0.8 });
    expect(probability()[0]).toBeCloseTo(0.9, 2);
    expect(probability()[1]).toBeCloseTo(0.2, 2);
  });

  it('says on the way what is extrapolated and what is blank', () => {
    const [told] = slicesSoFar([{ ...slice, extrapolated: true, blank: true }]);
    expect(told).toMatchObject({ extrapolated: true, blank: true });
    expect(plainSlice({ ...slice, extrapolated: true })).toMatchObject({ extrapolated: true });
    expect(slicesSoFar([slice])[0]).not.toHaveProperty('extrapolated');
  });

  it('stays with the run that found it, as long as it goes on', () => {
    const plain = slicesSoFar([slice]);
    structuredClone(plain, { transfer: buffersOf(plain) });
    expect([...slice.mask]).toEqual([1, 0]);
  });

  it('hands its memory over', () => {
    const plain = plainSlice(slice);
    structuredClone(plain, { transfer: buffersOf([plain]) });
    expect(plain.mask).toHaveLength(0);
    expect(plain.probability.values).toHaveLength(0);
  });
});
