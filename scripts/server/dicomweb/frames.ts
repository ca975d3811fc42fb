import { number, PIXEL_DATA, text, type DicomFile } from './dicomFile';
import { isBytes, toBuffer } from './dicomJson';
import { HttpError } from './httpError';

const BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const NATIVE = new Set([
  '1.2.840.10008.1.2',
  EXPLICIT_LITTLE_ENDIAN,
  '1.2.840.10008.1.2.1.99',
  BIG_ENDIAN,
]);

/** Media types of frames by compressed transfer syntax (PS3.18, table 8.7.3-5). */
const MEDIA_TYPES: [transferSyntaxUid: RegExp, type: string][] = [
  [/^1\.2\.840\.10008\.1\.2\.5$/, 'image/dicom-rle'],
  [/^1\.2\.840\.10008\.1\.2\.4\.(50|51|57|70)$/, 'image/jpeg'],
  [/^1\.2\.840\.10008\.1\.2\.4\.8[01]$/, 'image/jls'],
  [/^1\.2\.840\.10008\.1\.2\.4\.9[0-3]$/, 'image/jp2'],
  [/^1\.2\.840\.10008\.1\.2\.4\.20[1-3]$/, 'image/jphc'],
  [/^1\.2\.840\.10008\.1\.2\.4\.11[0-2]$/, 'image/jxl'],
];

export function isNative(transferSyntaxUid: string): boolean {
  return NATIVE.has(transferSyntaxUid);
}

/** Returns the transfer syntax of the frames sent: the same for all uncompressed ones. */
export function frameTransferSyntax(transferSyntaxUid: string): string {
  return isNative(transferSyntaxUid) ? EXPLICIT_LITTLE_ENDIAN : transferSyntaxUid;
}

/** Returns the `image/...` type of a compressed transfer syntax; null for others. */
export function frameMediaType(transferSyntaxUid: string): string | null {
  return MEDIA_TYPES.find(([pattern]) => pattern.test(transferSyntaxUid))?.[1] ?? null;
}

/** Returns the number of frames that the header declares; 1 without the attribute. */
export function frameCount(file: DicomFile): number {
  return Math.max(1, number(file.dataset, '00280008', 1));
}

/**
 * Returns all frames: uncompressed ones in little endian, compressed ones as in the file.
 *
 * @throws HttpError 404 without pixel data, 500 when they are shorter than the header says
 */
export function framesOf(file: DicomFile): Buffer[] {
  const values = file.dataset[PIXEL_DATA]?.Value;
  const buffers = (Array.isArray(values) ? values : []).filter(isBytes).map(toBuffer);
  if (!buffers.some(buffer => buffer.length)) {
    throw new HttpError(404, 'This instance has no pixel data.');
  }
  return isNative(file.transferSyntaxUid)
    ? nativeFrames(file, Buffer.concat(buffers))
    : joinFragments(buffers, frameCount(file));
}

/** Image and segmentation storage classes: their instances have pixel data (PS3.3, A.1.4). */
const IMAGE_CLASS =
  /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(1|2|3|4|5|6|7|12|13|14|20|66\.[47]|77|128|130)(\.|$)/;
/** Exceptions without pixel data: spectroscopy, and measurements of the eye. */
const NO_IMAGE_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(4\.2|77\.1\.5\.3)$/;

/** Float and Double Float Pixel Data, which replace Pixel Data. */
const FLOAT_PIXELS = ['7FE00008', '7FE00009'];

/** Whether an instance must have Pixel Data: by Rows in its header, or by its SOP class. */
export function hasImage({ dataset }: DicomFile): boolean {
  if (FLOAT_PIXELS.some(tag => tag in dataset)) return false;
  if (number(dataset, '00280010', 0) > 0 || PIXEL_DATA in dataset) return true;
  const sopClassUid = text(dataset, '00080016');
  return IMAGE_CLASS.test(sopClassUid) && !NO_IMAGE_CLASS.test(sopClassUid);
}

/**
 * Returns the least size of uncompressed pixel data, bytes; Infinity when the header does not define it.
 */
export function nativeBytes(file: DicomFile): number {
  const bits = frameBits(file);
  return bits ? Math.ceil((bits * frameCount(file)) / 8) : Infinity;
}

function frameBits({ dataset }: DicomFile): number {
  // Two pixels share their chrominance (PS3.3, C.7.6.3.1.2).
  const isShared = text(dataset, '00280004') === 'YBR_FULL_422';
  return ['00280010', '00280011', '00280100']
    .map(tag => number(dataset, tag, 0))
    .reduce((product, value) => product * value, isShared ? 2 : number(dataset, '00280002', 1));
}

function nativeFrames(file: DicomFile, pixels: Buffer): Buffer[] {
  const bitsAllocated = number(file.dataset, '00280100', 0);
  const bits = frameBits(file);
  const count = frameCount(file);
  if (!bits || pixels.length * 8 < bits * count) {
    throw new HttpError(
      500,
      `The instance has ${pixels.length} bytes of pixel data; its header says ${Math.ceil((bits * count) / 8)}.`,
    );
  }
  if (file.transferSyntaxUid === BIG_ENDIAN && bitsAllocated === 16) {
    pixels = Buffer.from(pixels.subarray(0, pixels.length & ~1)).swap16();
  }
  return Array.from({ length: count }, (_, frame) => bitSlice(pixels, frame * bits, bits));
}

/**
 * Returns a range of bits as bytes: frames of one bit per pixel follow each other without padding (PS3.5,
 * 8.1.1).
 *
 * @param start first bit
 * @param length in bits
 */
export function bitSlice(bytes: Buffer, start: number, length: number): Buffer {
  // Not `>> 3`, which overflows beyond 32 bits in large images.
  const first = Math.floor(start / 8);
  const shift = start & 7;
  const size = Math.ceil(length / 8);
  if (shift === 0 && length % 8 === 0) return bytes.subarray(first, first + size);
  const slice = Buffer.alloc(size);
  for (let i = 0; i < size; i++) {
    slice[i] = (bytes[first + i] >> shift) | ((bytes[first + i + 1] ?? 0) << (8 - shift));
  }
  if (length % 8) slice[size - 1] &= (1 << (length % 8)) - 1;
  return slice;
}

/**
 * Joins the fragments of compressed pixel data to frames. dcmjs does so where the file has an offset table;
 * without one, a frame begins at a fragment that starts with a code stream's first marker.
 *
 * @throws HttpError 500 when the fragments cannot be assigned
 */
export function joinFragments(fragments: Buffer[], frames: number): Buffer[] {
  const filled = fragments.filter(fragment => fragment.length);
  if (frames === 1) return [Buffer.concat(filled)];
  if (filled.length === frames) return filled;
  const groups: Buffer[][] = [];
  for (const fragment of filled) {
    if (beginsCodeStream(fragment) || !groups.length) groups.push([]);
    groups[groups.length - 1].push(fragment);
  }
  if (groups.length !== frames) {
    throw new HttpError(
      500,
      `The instance declares ${frames} frames; its compressed pixel data has ${groups.length}.`,
    );
  }
  return groups.map(group => Buffer.concat(group));
}

/**
 * Whether a fragment begins a code stream: JPEG and JPEG-LS begin with FFD8, JPEG 2000 code streams with
 * FF4F, JPEG 2000 files with a `jP` box.
 */
function beginsCodeStream(fragment: Buffer): boolean {
  const marker = fragment.readUInt16BE(0);
  return marker === 0xffd8 || marker === 0xff4f || fragment.toString('latin1', 4, 6) === 'jP';
}
