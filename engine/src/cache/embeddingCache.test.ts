import { encoderFrame } from '../sam/encoderFrame';
import type { Slice } from '../image/slice';
import { embeddingKey, layeredCache } from './embeddingCache';
import { MemoryCache } from './memoryCache';

const slice: Slice = {
  pixels: new Float32Array(12),
  rows: 3,
  columns: 4,
  rowSpacing: 1,
  columnSpacing: 1,
  index: 0,
  identity: '1.2.840.113 patient 4711',
};
const window = { low: -160, high: 240 };
const frame = encoderFrame(slice);

describe('embeddingKey', () => {
  const reference = () => embeddingKey('model', slice, window, frame, 1024);

  it('is a digest that shows nothing of the identity', async () => {
    expect(await reference()).toMatch(/^[0-9a-f]{64}$/);
    expect(await reference()).toBe(await reference());
  });

  it.each([
    ['the model', () => embeddingKey('other', slice, window, frame, 1024)],
    ['the image', () => embeddingKey('model', { ...slice, identity: 'x' }, window, frame, 1024)],
    ['the spacing', () => embeddingKey('model', { ...slice, rowSpacing: 2 }, window, frame, 1024)],
    ['the window', () => embeddingKey('model', slice, { low: -160, high: 241 }, frame, 1024)],
    [
      'the crop',
      () =>
        embeddingKey(
          'model',
          slice,
          window,
          encoderFrame(slice, { row: 0, column: 1, rows: 3, columns: 3 }),
          1024,
        ),
    ],
    ['the size of the input', () => embeddingKey('model', slice, window, frame, 512)],
  ])('changes with %s', async (_what, key) => {
    expect(await key()).not.toBe(await reference());
  });
});

describe('layeredCache', () => {
  it('asks the front first, fills it from the back, and writes to both', async () => {
    const front = new MemoryCache(1000);
    const back = new MemoryCache(1000);
    const cache = layeredCache(front, back);
    await back.put('far', Uint16Array.of(1));
    expect(await cache.get('far')).toEqual(Uint16Array.of(1));
    expect(await front.get('far')).toEqual(Uint16Array.of(1));
    await cache.put('new', Uint16Array.of(2));
    expect(await front.get('new')).toEqual(Uint16Array.of(2));
    expect(await back.get('new')).toEqual(Uint16Array.of(2));
    expect(await cache.get('neither')).toBeNull();
  });
});
