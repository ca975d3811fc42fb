/**
 * Packs binary frames into one bit per pixel. Bits run on from frame to frame without padding, the
 * first pixel in the lowest bit of the first byte (PS3.5, 8.1.1 and D.1); only the end is filled to an
 * even number of bytes.
 *
 * @param frames each of `pixelsPerFrame` values, 1 inside and 0 outside
 */
export function packFrames(
  frames: readonly Uint8Array[],
  pixelsPerFrame: number,
): Uint8Array<ArrayBuffer> {
  const bytes = Math.ceil((frames.length * pixelsPerFrame) / 8);
  const packed = new Uint8Array(bytes + (bytes % 2));
  frames.forEach((frame, frameIndex) => {
    const start = frameIndex * pixelsPerFrame;
    // Most pixels are 0: indexOf runs over them at native speed.
    for (let i = frame.indexOf(1); i >= 0; i = frame.indexOf(1, i + 1)) {
      // Not `>> 3`: a long series has more than 2^31 bits.
      packed[Math.floor((start + i) / 8)] |= 1 << ((start + i) % 8);
    }
  });
  return packed;
}
