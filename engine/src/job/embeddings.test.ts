import { MemoryCache } from '../cache/memoryCache';
import { sha256Hex } from '../platform/sha256';
import type { Slice } from '../image/slice';
import { fromFloat16, toFloat16 } from '../numeric/float16';
import type { ImageEncoder } from '../sam/imageEncoder';
import { encoderOfSize, Embeddings } from './embeddings';

const LENGTH = 256 * 64 * 64;
const MEGABYTE = 2 ** 20;

/** An encoder whose values need rounding to half precision; counts its runs. */
function countingEncoder(): ImageEncoder & { runs: number } {
  return {
    device: 'test',
    runs: 0,
    async encode() {
      this.runs++;
      return Float32Array.from({ length: LENGTH }, (_, i) => Math.sin(i) / 3);
    },
    async dispose() {},
  };
}

const slice: Slice = {
  pixels: new Float32Array(64).map((_, i) => i),
  rows: 8,
  columns: 8,
  rowSpacing: 1,
  columnSpacing: 1,
  index: 0,
  identity: 'a slice',
};
const window = { low: 0, high: 64 };

describe('Embeddings', () => {
  it('are the same when computed, cached, and without a cache', async () => {
    const encoder = countingEncoder();
    const cache = new MemoryCache(4 * MEGABYTE);
    const embeddings = new Embeddings(encoder, 'model', window, cache);
    const fresh = await embeddings.of(slice);
    const cached = await embeddings.of(slice);
    const alone = await new Embeddings(encoder, 'model', window).of(slice);
    expect(encoder.runs).toBe(2);
    expect(embeddings.fromCache).toBe(1);
    const digests = await Promise.all(
      [fresh, cached, alone].map(({ embedding }) => sha256Hex(new Uint8Array(embedding.buffer))),
    );
    expect(new Set(digests).size).toBe(1);
  });

  it('equal the output of the encoder to half precision', async () => {
    const encoder = countingEncoder();
    const { embedding } = await new Embeddings(encoder, 'model', window).of(slice);
    const rounded = fromFloat16(toFloat16(await encoder.encode(new Float32Array())));
    expect(Buffer.compare(Buffer.from(embedding.buffer), Buffer.from(rounded.buffer))).toBe(0);
  });

  it('have the requested size if the encoder supports it, and one cache entry per size', async () => {
    const sides: number[] = [];
    const encoder: ImageEncoder = {
      device: 'test',
      sizes: [512, 1024],
      async encode({ length }) {
        sides.push(Math.sqrt(length / 3));
        return Float32Array.from({ length: length / 3 }, (_, i) => i % 7);
      },
      async dispose() {},
    };
    const cache = new MemoryCache(8 * MEGABYTE);
    const of = async (size?: number) => {
      const embeddings = new Embeddings(encoder, 'model', window, cache, size);
      return (await embeddings.of(slice)).embedding.length;
    };
    expect(await of(512)).toBe(256 * 32 * 32);
    expect(await of()).toBe(LENGTH);
    expect(await of(512)).toBe(256 * 32 * 32);
    expect(await of(640)).toBe(LENGTH);
    expect(sides).toEqual([512, 1024]);
  });

  it('take 2 MB in a cache, and changing one does not change the cached copy', async () => {
    const encoder = countingEncoder();
    const cache = new MemoryCache(2 * MEGABYTE);
    const embeddings = new Embeddings(encoder, 'model', window, cache);
    const first = await embeddings.of(slice);
    const value = first.embedding[5];
    first.embedding.fill(0);
    expect((await embeddings.of(slice)).embedding[5]).toBe(value);
    expect(encoder.runs).toBe(1);
  });
});

describe('encoderOfSize', () => {
  const fixed = countingEncoder();
  const small = { ...countingEncoder(), sizes: [448, 512] };
  const smallEncoder = () => Promise.resolve(small);

  it('takes the other encoder where the first has one size only', async () => {
    expect(await encoderOfSize({ encoder: small }, 512)).toBe(small);
    expect(await encoderOfSize({ encoder: fixed, smallEncoder }, 512)).toBe(small);
    expect(await encoderOfSize({ encoder: fixed, smallEncoder }, 1024)).toBe(fixed);
  });

  it('is null where there is none', async () => {
    expect(await encoderOfSize({ encoder: fixed }, 512)).toBeNull();
    expect(await encoderOfSize({ encoder: fixed, smallEncoder }, 672)).toBeNull();
  });
});
