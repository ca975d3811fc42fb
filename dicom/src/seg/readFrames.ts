import { concatBytes } from 'fewshot-sam';
import { inflatePadded } from '../data/inflateRaw';
import type { PixelDataElement } from '../data/parseDicomFile';
import { decodeRunLength } from '../data/runLength';

const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
const DEFLATED_IMAGE_FRAME = '1.2.840.10008.1.2.8.1';

export interface FrameFormat {
  frames: number;
  pixelsPerFrame: number;
  bitsAllocated: 1 | 8 | 16;
}

/** Values of one frame, row-major. */
export type FrameValues = Uint8Array | Uint16Array;

export interface FrameReader {
  /** Returns the values of a frame, counted from 0. Throws where it is damaged. */
  read(frame: number): Promise<FrameValues>;
  /** How the pixel data deviate from the standard, in words; null where they do not. */
  deviation: string | null;
  /** The pixel data are read according to the standard, but their frames might be padded individually. */
  isAmbiguous?: boolean;
}

/**
 * Returns a reader of single frames, so that the pixel data are never unpacked all at once. It also reads
 * two nonstandard forms of single bits, both written by @cornerstonejs/adapters 5: frames padded
 * individually to whole bytes, and RLE Lossless.
 *
 * @throws Error when the pixel data do not hold that many frames, or their compression is not supported
 */
export function frameReader(
  pixelData: PixelDataElement,
  transferSyntaxUid: string,
  format: FrameFormat,
): FrameReader {
  const { frames, pixelsPerFrame, bitsAllocated } = format;
  if (!pixelData.encapsulated) {
    const bytes = Math.ceil((frames * pixelsPerFrame * bitsAllocated) / 8);
    if (pixelData.bytes.length < bytes) {
      throw new Error(
        `its pixel data are cut off (${pixelData.bytes.length} bytes instead of ${bytes})`,
      );
    }
    const packing = bitsAllocated === 1 ? packingOf(pixelData.bytes, format) : 'standard';
    if (packing === 'padded') {
      const stride = 8 * Math.ceil(pixelsPerFrame / 8);
      return {
        read: async frame => unpack(pixelData.bytes, frame * stride, format),
        deviation: 'each frame is padded to whole bytes, which is not DICOM',
      };
    }
    return {
      read: async frame => unpack(pixelData.bytes, frame * pixelsPerFrame, format),
      deviation: null,
      isAmbiguous: packing === 'either',
    };
  }
  const unframed = pixelData.fragments;
  const fragments = frames === 1 ? [unframed.flat()] : unframed;
  if (fragments.length !== frames) {
    throw new Error(`its pixel data hold ${fragments.length} frames instead of ${frames}`);
  }
  const frameBytes = Math.ceil((pixelsPerFrame * bitsAllocated) / 8);
  if (transferSyntaxUid === RLE_LOSSLESS) {
    if (bitsAllocated === 1) {
      return {
        read: async frame => runLengthBits(concatBytes(fragments[frame]), format),
        deviation: 'single bits are compressed as RLE Lossless, which is not DICOM',
      };
    }
    return {
      read: async frame =>
        unpack(
          decodeRunLength(concatBytes(fragments[frame]), pixelsPerFrame, bitsAllocated / 8),
          0,
          format,
        ),
      deviation: null,
    };
  }
  if (transferSyntaxUid === DEFLATED_IMAGE_FRAME) {
    const read = async (frame: number) => {
      const bytes = await inflatePadded(concatBytes(fragments[frame]), frameBytes + 1);
      if (bytes.length < frameBytes) throw new Error(`frame ${frame + 1} is cut off`);
      return unpack(bytes, 0, format);
    };
    return { read, deviation: null };
  }
  throw new Error(`it is compressed in a way that is not read (${transferSyntaxUid})`);
}

/**
 * Determines how frames of single bits are packed in uncompressed pixel data: by the length, or, where that
 * fits both forms, by bits that only one of them sets.
 */
function packingOf(
  bytes: Uint8Array,
  { frames, pixelsPerFrame }: FrameFormat,
): 'standard' | 'padded' | 'either' {
  if (frames === 1 || pixelsPerFrame % 8 === 0) return 'standard';
  const frameBytes = Math.ceil(pixelsPerFrame / 8);
  const padded = frames * frameBytes;
  const standard = Math.ceil((frames * pixelsPerFrame) / 8);
  const isLength = (length: number) => [length, length + (length % 2)].includes(bytes.length);
  if (!isLength(padded)) return 'standard';
  if (!isLength(standard)) return 'padded';
  const isAnySet = (from: number, to: number) => {
    for (let bit = from; bit < to; bit++) {
      if ((bytes[Math.floor(bit / 8)] >> (bit % 8)) & 1) return true;
    }
    return false;
  };
  if (isAnySet(frames * pixelsPerFrame, 8 * padded)) return 'padded';
  for (let end = 8 * frameBytes; end <= 8 * padded; end += 8 * frameBytes) {
    if (isAnySet(end - 8 * frameBytes + pixelsPerFrame, end)) return 'standard';
  }
  return 'either';
}

/** Decodes run lengths of single bits: eight to a byte, or a byte for each. */
function runLengthBits(bytes: Uint8Array, format: FrameFormat): FrameValues {
  const { pixelsPerFrame } = format;
  try {
    const values = decodeRunLength(bytes, pixelsPerFrame, 1);
    return values.map(value => Number(value !== 0));
  } catch {
    return unpack(decodeRunLength(bytes, Math.ceil(pixelsPerFrame / 8), 1), 0, format);
  }
}

/** Unpacks the values of one frame that starts at a pixel index. */
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
