/**
 * Packs binary frames into one bit per pixel. Bits continue from frame to frame without padding, with the
 * first pixel in the lowest bit of the first byte (PS3.5, 8.1.1 and D.1); only the end is padded to an even
 * number of bytes.
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
    const first = frame.indexOf(1);
    if (first < 0) return;
    const last = frame.lastIndexOf(1);
    // Not `>> 3`: a long series has more than 2^31 bits.
    let byte = Math.floor((frameIndex * pixelsPerFrame + first) / 8);
    let bit = (frameIndex * pixelsPerFrame + first) % 8;
    for (let i = first; i <= last; i++) {
      if (frame[i] === 1) packed[byte] |= 1 << bit;
      if (++bit === 8) {
        bit = 0;
        byte++;
      }
    }
  });
  return packed;
}
