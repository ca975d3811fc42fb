import { encodeSafetensors } from '../sam/safetensors';
import { encodeExamples, parseExamples, sliceCount, type Examples } from './examples';

const item = (slice: number, copy: number) => ({
  slice,
  copy,
  embedding: Float32Array.of(slice, 0.5, -copy),
  coverage: Float32Array.of(0, 1, 0.25),
  valid: Float32Array.of(1, 1, 0),
});
const examples: Examples = {
  studies: 2,
  view: { fieldOfViewMm: 120, offsetMm: [-4, 2.5] },
  items: [item(0, 0), item(0, 1), item(1, 0), item(1, 1)],
};

describe('examples', () => {
  it('round-trip in half precision', () => {
    const bytes = encodeExamples(examples);
    expect(parseExamples(bytes)).toEqual(examples);
  });

  it('count slices, not copies', () => {
    expect(sliceCount(examples)).toBe(2);
  });

  it.each([
    ['cut off', encodeExamples(examples).slice(0, -4)],
    ['something else', new TextEncoder().encode('not examples at all')],
    ['of another kind', encodeSafetensors(new Map(), { kind: 'fewshot-sam task' })],
  ])('are rejected when the file is %s', (_, bytes) => {
    expect(() => parseExamples(bytes)).toThrow('saved with the task cannot be read');
  });
});
