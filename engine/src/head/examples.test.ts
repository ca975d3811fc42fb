import { encodeHeadExamples, parseHeadExamples, type HeadExamples } from './examples';

const item = (copy: number) => ({
  ...{ study: 1, slice: 4, copy },
  embedding: Float32Array.of(0.5, -2),
  gray: Float32Array.of(0.25, 1),
  coverage: Float32Array.of(0, 1),
});
const examples: HeadExamples = {
  view: { fieldOfViewMm: 320, offsetMm: [0, 0] },
  items: [item(0), item(1)],
};

describe('slices that heads learned from', () => {
  it('are read as they were written', () => {
    expect(parseHeadExamples(encodeHeadExamples(examples))).toEqual(examples);
  });

  it('are refused when cut off or of another method', () => {
    const bytes = encodeHeadExamples(examples);
    expect(() => parseHeadExamples(bytes.subarray(0, -3))).toThrow(/cannot be read/);
    const text = Buffer.from(bytes).toString('latin1').replace('head examples', 'what examples');
    expect(() => parseHeadExamples(Buffer.from(text, 'latin1'))).toThrow(/of another kind/);
  });
});
