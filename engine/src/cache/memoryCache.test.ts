import { MemoryCache } from './memoryCache';

const KILOBYTE = 2 ** 10;
const embedding = (value: number) => new Uint16Array(KILOBYTE / 2).fill(value);

describe('MemoryCache', () => {
  it('returns what was put, and null for anything else', async () => {
    const cache = new MemoryCache(4 * KILOBYTE);
    await cache.put('a', embedding(1));
    expect(await cache.get('a')).toEqual(embedding(1));
    expect(await cache.get('b')).toBeNull();
  });

  it('drops the least recently used beyond its limit', async () => {
    const cache = new MemoryCache(2 * KILOBYTE);
    await cache.put('a', embedding(1));
    await cache.put('b', embedding(2));
    await cache.get('a');
    await cache.put('c', embedding(3));
    expect(await cache.get('b')).toBeNull();
    expect(await cache.get('a')).not.toBeNull();
    expect(await cache.get('c')).not.toBeNull();
  });

  it('counts a replaced embedding once', async () => {
    const cache = new MemoryCache(2 * KILOBYTE);
    await cache.put('a', embedding(1));
    await cache.put('b', embedding(2));
    await cache.put('b', embedding(3));
    expect(await cache.get('a')).toEqual(embedding(1));
    expect(await cache.get('b')).toEqual(embedding(3));
  });

  it('keeps what it holds when one embedding alone exceeds the limit', async () => {
    const cache = new MemoryCache(1.5 * KILOBYTE);
    await cache.put('a', embedding(1));
    await cache.put('b', new Uint16Array(KILOBYTE));
    expect(await cache.get('a')).toEqual(embedding(1));
    expect(await cache.get('b')).toBeNull();
  });
});
