import { inflatePadded } from './inflateRaw';
import type { PixelDataElement } from './parseDicomFile';
import { decodeRunLength } from './runLength';

const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
const DEFLATED_IMAGE_FRAME = '1.2.840.10008.1.2.8.1';

export interface FrameFormat {
  frames: number;
  pixelsPerFrame: number;
  bitsAllocated: 1 | 8 | 16;
}

/** Values of one frame, row-major. */
export type FrameValues = Uint8Array | Uint16Array;

/**
 * Reads frames one by one, so that the whole need never be unpacked at once.
 *
 * @returns what gives the values of a frame, counted from 0
 * @throws Error when the pixel data do not hold that many frames, or are compressed in a way that is not
 *   read; the returned function when a frame is damaged
 */
export function frameReader(
  pixelData: PixelDataElement,
  transferSyntaxUid: string,
  format: FrameFormat,
): (frame: number) => Promise<FrameValues> {
  const { frames, pixelsPerFrame, bitsAllocated } = format;
  if (!pixelData.encapsulated) {
    const bytes = Math.ceil((frames * pixelsPerFrame * bitsAllocated) / 8);
    if (pixelData.bytes.length < bytes) {
      throw new Error(
        `its pixel data are cut off (${pixelData.bytes.length} bytes instead of ${bytes})`,
      );
    }
    return async frame => unpack(pixelData.bytes, frame * pixelsPerFrame, format);
  }
  const unframed = pixelData.fragments;
  const fragments = frames === 1 ? [unframed.flat()] : unframed;
  if (fragments.length !== frames) {
    throw new Error(`its pixel data hold ${fragments.length} frames instead of ${frames}`);
  }
  const frameBytes = Math.ceil((pixelsPerFrame * bitsAllocated) / 8);
  if (transferSyntaxUid === RLE_LOSSLESS) {
    if (bitsAllocated === 1) throw new Error('run lengths of single bits are not defined');
    return async frame =>
      unpack(
        decodeRunLength(joined(fragments[frame]), pixelsPerFrame, bitsAllocated / 8),
        0,
        format,
      );
  }
  if (transferSyntaxUid === DEFLATED_IMAGE_FRAME) {
    return async frame => {
      const bytes = await inflatePadded(joined(fragments[frame]), frameBytes + 1);
      if (bytes.length < frameBytes) throw new Error(`frame ${frame + 1} is cut off`);
      return unpack(bytes, 0, format);
    };
  }
  throw new Error(`it is compressed in a way that is not read (${transferSyntaxUid})`);
}

/** Values from a place on that is counted in pixels. */
function unpack(
  bytes: Uint8Array,
  start: number,
  { pixelsPerFrame, bitsAllocated }: FrameFormat,
): FrameValues {
  if (bitsAllocated === 8) return bytes.subarray(start, start + pixelsPerFrame);
  if (bitsAllocated === 16) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + 2 * start, 2 * pixelsPerFrame);
    return Uint16Array.from({ length: pixelsPerFrame }, (_, i) => view.getUint16(2 * i, true));
  }
  const values = new Uint8Array(pixelsPerFrame);
  // Not `>> 3`: a long series has more than 2^31 bits.
  let byte = Math.floor(start / 8);
  let bit = start % 8;
  for (let i = 0; i < pixelsPerFrame; i++) {
    values[i] = (bytes[byte] >> bit) & 1;
    if (++bit === 8) {
      bit = 0;
      byte++;
    }
  }
  return values;
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  if (fragments.length === 1) return fragments[0];
  const bytes = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const fragment of fragments) {
    bytes.set(fragment, offset);
    offset += fragment.length;
  }
  return bytes;
}
