import { deflateRawSync } from 'node:zlib';
import { frameReader, type FrameFormat } from './readFrames';
import { encodeRunLength } from './runLength';

const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const bytes = (...values: number[]) => Uint8Array.from(values);
const two: FrameFormat = { frames: 2, pixelsPerFrame: 9, bitsAllocated: 1 };

describe('frameReader', () => {
  it('takes bits as they run on from frame to frame', async () => {
    const pixels = { encapsulated: false, bytes: bytes(0b00000111, 0b00100011, 0) } as const;
    const read = frameReader(pixels, EXPLICIT, two);
    expect([...(await read(0))].join('')).toBe('111000001');
    expect([...(await read(1))].join('')).toBe('100010000');
  });

  it('takes bits as they begin anew in each compressed frame', async () => {
    const fragments = [bytes(0b111, 1), bytes(0b10001, 0)].map(frame => [deflateRawSync(frame)]);
    const read = frameReader({ encapsulated: true, fragments }, DEFLATED_FRAMES, two);
    expect([...(await read(0))].join('')).toBe('111000001');
    expect([...(await read(1))].join('')).toBe('100010000');
  });

  it('joins the fragments of a single frame', async () => {
    const frame = encodeRunLength(bytes(1, 0, 2, 0, 3, 1), 3, 2);
    const fragments = [[frame.subarray(0, 65)], [frame.subarray(65)]];
    const format: FrameFormat = { frames: 1, pixelsPerFrame: 3, bitsAllocated: 16 };
    const read = frameReader({ encapsulated: true, fragments }, RLE, format);
    expect([...(await read(0))]).toEqual([1, 2, 259]);
  });

  it.each<[string, string, Uint8Array[][], FrameFormat, RegExp]>([
    ['JPEG 2000', '1.2.840.10008.1.2.4.90', [[bytes(1)], [bytes(2)]], two, /not read.*4\.90/],
    ['a missing frame', DEFLATED_FRAMES, [[bytes(1)]], two, /1 frames instead of 2/],
    ['RLE of bits', RLE, [[bytes(1)], [bytes(2)]], two, /single bits/],
  ])('refuses %s', (_, syntax, fragments, format, message) => {
    expect(() => frameReader({ encapsulated: true, fragments }, syntax, format)).toThrow(message);
  });
});
