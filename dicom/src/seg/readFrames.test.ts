import { deflateRawSync } from 'node:zlib';
import { packFrames } from './packFrames';
import { frameReader, type FrameFormat } from './readFrames';
import { encodeRunLength } from '../data/runLength';

const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const bytes = (...values: number[]) => Uint8Array.from(values);
const two: FrameFormat = { frames: 2, pixelsPerFrame: 9, bitsAllocated: 1 };

describe('frameReader', () => {
  it('takes bits as they run on from frame to frame', async () => {
    const pixels = { encapsulated: false, bytes: bytes(0b00000111, 0b00100011, 0) } as const;
    const { read } = frameReader(pixels, EXPLICIT, two);
    expect([...(await read(0))].join('')).toBe('111000001');
    expect([...(await read(1))].join('')).toBe('100010000');
  });

  it('takes bits as they begin anew in each compressed frame', async () => {
    const fragments = [bytes(0b111, 1), bytes(0b10001, 0)].map(frame => [deflateRawSync(frame)]);
    const { read } = frameReader({ encapsulated: true, fragments }, DEFLATED_FRAMES, two);
    expect([...(await read(0))].join('')).toBe('111000001');
    expect([...(await read(1))].join('')).toBe('100010000');
  });

  it('joins the fragments of a single frame', async () => {
    const frame = encodeRunLength(bytes(1, 0, 2, 0, 3, 1), 3, 2);
    const fragments = [[frame.subarray(0, 65)], [frame.subarray(65)]];
    const format: FrameFormat = { frames: 1, pixelsPerFrame: 3, bitsAllocated: 16 };
    const { read } = frameReader({ encapsulated: true, fragments }, RLE, format);
    expect([...(await read(0))]).toEqual([1, 2, 259]);
  });

  /** Frames of 9 x 11, as @cornerstonejs/adapters 5.14.0 packs them: each in 13 bytes. */
  const drawn = [0, 1, 2, 3, 4].map(frame =>
    Uint8Array.from({ length: 99 }, (_, i) => Number((i * 7 + frame * 3) % 5 < 2)),
  );
  const packed = (frame: Uint8Array) =>
    Uint8Array.from({ length: Math.ceil(frame.length / 8) }, (_, byte) =>
      frame.subarray(8 * byte, 8 * byte + 8).reduce((sum, value, bit) => sum | (value << bit), 0),
    );
  const joinedBytes = (frames: Uint8Array[], pad: number) =>
    bytes(...frames.flatMap(frame => [...packed(frame)]), ...Array.from({ length: pad }, () => 0));
  const format = (frames: number): FrameFormat => ({
    frames,
    pixelsPerFrame: 99,
    bitsAllocated: 1,
  });

  // 65 bytes and a pad byte instead of the 62 of the standard; two frames have 26 in either form.
  it.each([5, 4, 3, 2])(
    'reads %i frames that are each padded to whole bytes, with a word',
    async n => {
      const frames = drawn.slice(0, n);
      const all = joinedBytes(frames, (13 * n) % 2);
      const { read, deviation } = frameReader(
        { encapsulated: false, bytes: all },
        EXPLICIT,
        format(n),
      );
      for (const [i, frame] of frames.entries()) expect(await read(i)).toEqual(frame);
      expect(deviation).toMatch(/padded to whole bytes/);
    },
  );

  it.each([5, 4, 3, 2])('reads %i frames of the standard as they are', async n => {
    const frames = drawn.slice(0, n);
    const all = packFrames(frames, 99);
    const { read, deviation } = frameReader(
      { encapsulated: false, bytes: all },
      EXPLICIT,
      format(n),
    );
    for (const [i, frame] of frames.entries()) expect(await read(i)).toEqual(frame);
    expect(deviation).toBeNull();
  });

  it('says where the length fits both forms and no bit tells them apart', () => {
    const frames = drawn
      .slice(0, 2)
      .map(frame => frame.map((value, i) => (i < 8 || i > 80 ? 0 : value)));
    const all = packFrames(frames, 99);
    const reader = frameReader({ encapsulated: false, bytes: all }, EXPLICIT, format(2));
    expect(reader).toMatchObject({ deviation: null, isAmbiguous: true });
  });

  it.each([
    ['eight to a byte', packed],
    ['a byte for each', (frame: Uint8Array) => frame],
  ])('reads run lengths of single bits, %s, with a word', async (_, pack) => {
    const fragments = drawn.map(frame => [encodeRunLength(pack(frame), pack(frame).length, 1)]);
    const { read, deviation } = frameReader({ encapsulated: true, fragments }, RLE, format(5));
    for (const [i, frame] of drawn.entries()) expect(await read(i)).toEqual(frame);
    expect(deviation).toMatch(/RLE Lossless/);
  });

  it.each<[string, string, Uint8Array[][], FrameFormat, RegExp]>([
    ['JPEG 2000', '1.2.840.10008.1.2.4.90', [[bytes(1)], [bytes(2)]], two, /not read.*4\.90/],
    ['a missing frame', DEFLATED_FRAMES, [[bytes(1)]], two, /1 frames instead of 2/],
  ])('refuses %s', (_, syntax, fragments, format, message) => {
    expect(() => frameReader({ encapsulated: true, fragments }, syntax, format)).toThrow(message);
  });
});
