import { packFrames } from './packFrames';

/** Rows of `#` and `.`, as one row-major frame. */
const frame = (...rows: string[]) => Uint8Array.from(rows.join(''), c => (c === '#' ? 1 : 0));

/** Bytes as DICOM draws them: highest bit first. */
const bits = (bytes: Uint8Array) => Array.from(bytes, byte => byte.toString(2).padStart(8, '0'));

describe('packFrames', () => {
  it('puts the first pixel into the lowest bit', () => {
    expect(bits(packFrames([frame('#.......', '..#....#')], 16))).toEqual(['00000001', '10000100']);
  });

  it('runs on from frame to frame without padding', () => {
    const frames = [frame('###', '...', '..#'), frame('#..', '.#.', '...')];
    // 18 bits: 111000001 100010000, read from the lowest bit up, in an even number of bytes.
    expect(bits(packFrames(frames, 9))).toEqual(['00000111', '00100011', '00000000', '00000000']);
  });

  it.each([
    [1, 2],
    [2, 2],
    [3, 4],
  ])('fills %i bytes to %i', (bytes, even) => {
    expect(packFrames([new Uint8Array(bytes * 8)], bytes * 8)).toHaveLength(even);
  });

  it('agrees with unpacking bit by bit, whatever the frame size', () => {
    for (const size of [1, 7, 15, 64, 101]) {
      const frames = [0, 1, 2, 3].map(n =>
        Uint8Array.from({ length: size }, (_, i) => ((i * 7 + n * 3) % 5 < 2 ? 1 : 0)),
      );
      const packed = packFrames(frames, size);
      const unpacked = Array.from({ length: 4 * size }, (_, i) => (packed[i >> 3] >> (i & 7)) & 1);
      expect(unpacked).toEqual(frames.flatMap(values => Array.from(values)));
    }
  });
});
