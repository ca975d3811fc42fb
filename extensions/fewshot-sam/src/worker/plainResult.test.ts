import { buffersOf, copiedSlices, fromPlainSlice, plainSlice } from './plainResult';

const slice = {
  index: 4,
  mask: Uint8Array.of(1, 0),
  probability: () => Float32Array.of(0.9, 0.2),
  confidence: 0.8,
};

describe('a slice on its way from the worker', () => {
  it('survives structured clone', () => {
    const { probability, ...rest } = fromPlainSlice(structuredClone(plainSlice(slice)));
    expect(rest).toEqual({ index: 4, mask: Uint8Array.of(1, 0), confidence: 0.8 });
    expect(probability()[0]).toBeCloseTo(0.9, 2);
    expect(probability()[1]).toBeCloseTo(0.2, 2);
  });

  it('stays with the run that found it, as long as it goes on', () => {
    const plain = copiedSlices([slice]);
    structuredClone(plain, { transfer: buffersOf(plain) });
    expect([...slice.mask]).toEqual([1, 0]);
  });

  it('hands its memory over', () => {
    const plain = plainSlice(slice);
    structuredClone(plain, { transfer: buffersOf([plain]) });
    expect(plain.mask).toHaveLength(0);
    expect(plain.probability).toHaveLength(0);
  });
});
