import { toFloat16 } from '../numeric/float16';
import {
  decodeEmbeddingFile,
  embeddingFileName,
  encodeEmbeddingFile,
  filesToEvict,
  isEmbeddingFileName,
} from './embeddingFile';

const KEY = '0123456789abcdef'.repeat(4);

describe('embedding file', () => {
  const values = toFloat16(Float32Array.of(0.5, -2, 3e-7, 6e4));

  it('gives back every value exactly', async () => {
    expect(await decodeEmbeddingFile(await encodeEmbeddingFile(values))).toEqual(values);
  });

  it('stores only the view of a larger buffer', async () => {
    const file = await encodeEmbeddingFile(values.subarray(1, 3));
    expect(await decodeEmbeddingFile(file)).toEqual(values.slice(1, 3));
  });

  it('rejects a truncated, an altered, an empty and a foreign file', async () => {
    const file = await encodeEmbeddingFile(values);
    expect(await decodeEmbeddingFile(file.subarray(0, file.length - 2))).toBeNull();
    expect(await decodeEmbeddingFile(file.subarray(0, 40))).toBeNull();
    expect(await decodeEmbeddingFile(new Uint8Array(0))).toBeNull();
    expect(
      await decodeEmbeddingFile(new TextEncoder().encode('not an embedding'.repeat(4))),
    ).toBeNull();
    const altered = file.slice();
    altered[file.length - 1] ^= 1;
    expect(await decodeEmbeddingFile(altered)).toBeNull();
  });

  it('does not take a file of the first version, in float32, for one of its own', async () => {
    const first = await encodeEmbeddingFile(values);
    first.set(new TextEncoder().encode('FSEMBED1'));
    expect(await decodeEmbeddingFile(first)).toBeNull();
  });
});

describe('embedding file names', () => {
  it('lets nothing but a digest become a file name', () => {
    expect(embeddingFileName(KEY)).toBe(`${KEY}.embedding`);
    expect(() => embeddingFileName('../../etc/passwd')).toThrow('64 hex digits');
    expect(() => embeddingFileName('')).toThrow('64 hex digits');
  });

  it('knows its own files from others', () => {
    expect(isEmbeddingFileName(`${KEY}.embedding`)).toBe(true);
    expect(isEmbeddingFileName(`${KEY}.embedding.3f2a-11.part`)).toBe(true);
    expect(isEmbeddingFileName('thesis.doc')).toBe(false);
    expect(isEmbeddingFileName(`${KEY}.embedding.bak`)).toBe(false);
  });
});

describe('filesToEvict', () => {
  const files = [
    { name: 'new', bytes: 10, lastUsed: 3 },
    { name: 'old', bytes: 10, lastUsed: 1 },
    { name: 'middle', bytes: 10, lastUsed: 2 },
  ];
  const names = (limit: number) => filesToEvict(files, limit).map(file => file.name);

  it('takes the least recently used until the rest fits', () => {
    expect(names(30)).toEqual([]);
    expect(names(29)).toEqual(['old']);
    expect(names(10)).toEqual(['old', 'middle']);
    expect(names(0)).toEqual(['old', 'middle', 'new']);
  });
});
