import { checkEmbedding, EMBEDDING_CHANNELS, EMBEDDING_SIZE } from './imageEncoder';
import { isSoftwareAdapter } from '../platform/gpuAdapter';
import { sensibleThreads } from '../platform/threads';

const length = EMBEDDING_CHANNELS * EMBEDDING_SIZE * EMBEDDING_SIZE;
const embedding = (change: (values: Float32Array) => void = () => {}) => {
  const values = Float32Array.from({ length }, (_, i) => Math.sin(i));
  change(values);
  return values;
};

describe('checkEmbedding', () => {
  it('accepts finite values that vary', () => {
    expect(() => checkEmbedding(embedding(), 1024)).not.toThrow();
  });

  it.each([
    ['NaN', embedding(values => (values[77] = NaN)), 'value 77 is NaN'],
    ['Infinity', embedding(values => (values[0] = Infinity)), 'value 0 is Infinity'],
    ['a lost GPU buffer', embedding(values => values.fill(0)), 'every value is 0'],
    ['a short array', new Float32Array(5), '5 values instead of 1048576'],
  ])('refuses %s', (_, values, message) => {
    expect(() => checkEmbedding(values, 1024)).toThrow(message);
  });
});

describe('isSoftwareAdapter', () => {
  const info = { vendor: '', architecture: '', device: '', description: '' };

  it.each([
    [{ ...info, vendor: 'google', architecture: 'swiftshader' }, true],
    [{ ...info, description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
    [{ ...info, description: 'Microsoft Basic Render Driver' }, true],
    [{ ...info, vendor: 'intel', isFallbackAdapter: true }, true],
    [{ ...info, vendor: 'nvidia', architecture: 'ampere' }, false],
    [{ ...info, vendor: 'apple', architecture: 'metal-3' }, false],
    [info, false],
  ])('%j: %s', (adapter, isSoftware) => {
    expect(isSoftwareAdapter(adapter)).toBe(isSoftware);
  });
});

describe('sensibleThreads', () => {
  it('uses a small machine fully and leaves a core of a larger one to the viewer', () => {
    expect([1, 2, 4, 8, 64].map(cores => sensibleThreads(cores))).toEqual([1, 2, 3, 7, 8]);
  });
});
