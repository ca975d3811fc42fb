import dicomParser from 'dicom-parser';
import { isBigEndian, isNative, type DicomFile } from './dicomFile';
import { decodeCompressed, type PixelFormat } from './dicomCodecs';

const TAG = {
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  rows: 'x00280010',
  columns: 'x00280011',
  bitsAllocated: 'x00280100',
  bitsStored: 'x00280101',
  highBit: 'x00280102',
  pixelRepresentation: 'x00280103',
  modalityLut: 'x00283000',
  pixelData: 'x7fe00010',
  floatPixelData: 'x7fe00008',
  doubleFloatPixelData: 'x7fe00009',
};

/**
 * Decodes a frame of an image into stored values, with the bits and sign that the image declares. Ignores
 * the other bits, which may hold overlays.
 *
 * @param frames number of frames in the file
 * @throws Error that names the unsupported attribute or transfer syntax, or says what is cut off
 */
export async function storedValues(
  { dataSet, transferSyntax }: DicomFile,
  frame: number,
  frames: number,
): Promise<Int32Array | Uint32Array> {
  const format = pixelFormat(dataSet);
  const element = dataSet.elements[TAG.pixelData];
  const bytes = isNative(transferSyntax)
    ? nativeFrame(dataSet, element, format, frame, isBigEndian(transferSyntax))
    : await decodeCompressed(encodedFrame(dataSet, frame, frames), transferSyntax, format);
  return unpack(bytes, format);
}

/** Reads the pixel format. @throws Error that names what is not supported */
export function pixelFormat(dataSet: dicomParser.DataSet): PixelFormat {
  if (dataSet.elements[TAG.floatPixelData] || dataSet.elements[TAG.doubleFloatPixelData]) {
    throw new Error('it stores floating-point values (Float Pixel Data)');
  }
  if (dataSet.elements[TAG.modalityLut]) {
    throw new Error('it maps stored values to units by a table (Modality LUT Sequence)');
  }
  if (!dataSet.elements[TAG.pixelData]) throw new Error('it has no Pixel Data');
  const samples = dataSet.uint16(TAG.samplesPerPixel) ?? 1;
  const photometric = (dataSet.string(TAG.photometric) ?? 'MONOCHROME2').trim();
  if (samples !== 1 || !photometric.startsWith('MONOCHROME')) {
    throw new Error(`it is a color image (Photometric Interpretation ${photometric})`);
  }
  const bitsAllocated = dataSet.uint16(TAG.bitsAllocated) ?? 16;
  const bitsStored = dataSet.uint16(TAG.bitsStored) ?? bitsAllocated;
  const highBit = dataSet.uint16(TAG.highBit) ?? bitsStored - 1;
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw new Error(`it has ${bitsAllocated} bits per value (Bits Allocated)`);
  }
  if (!(bitsStored >= 1 && highBit >= bitsStored - 1 && highBit < bitsAllocated)) {
    throw new Error(
      `its Bits Stored ${bitsStored} and High Bit ${highBit} do not match Bits Allocated ${bitsAllocated}`,
    );
  }
  return {
    rows: dataSet.uint16(TAG.rows)!,
    columns: dataSet.uint16(TAG.columns)!,
    bitsAllocated,
    bitsStored,
    highBit,
    isSigned: dataSet.uint16(TAG.pixelRepresentation) === 1,
  };
}

/** Returns the bytes of a frame in little endian. */
function nativeFrame(
  dataSet: dicomParser.DataSet,
  { dataOffset, length, vr }: dicomParser.Element,
  { rows, columns, bitsAllocated }: PixelFormat,
  frame: number,
  isBig: boolean,
): Uint8Array {
  const size = (rows * columns * bitsAllocated) / 8;
  const start = frame * size;
  if (start + size > length) {
    throw new Error(`its Pixel Data are cut off (${length} bytes, ${start + size} are needed)`);
  }
  const bytes = dataSet.byteArray.subarray(dataOffset + start, dataOffset + start + size);
  if (!isBig) return bytes;
  const word = bitsAllocated === 8 && vr === 'OW' ? 2 : bitsAllocated / 8;
  const swapped = Buffer.from(bytes);
  if (word === 2) return swapped.swap16();
  return word === 4 ? swapped.swap32() : swapped;
}

function encodedFrame(dataSet: dicomParser.DataSet, frame: number, frames: number): Uint8Array {
  const element = dataSet.elements[TAG.pixelData];
  const fragments = element.fragments ?? [];
  if (fragments.some(({ position, length }) => position + length > dataSet.byteArray.length)) {
    throw new Error('its Pixel Data are cut off');
  }
  if (fragments.length === 0) throw new Error('its Pixel Data are empty');
  if (frames === 1) {
    return dicomParser.readEncapsulatedPixelDataFromFragments(
      dataSet,
      element,
      0,
      fragments.length,
    );
  }
  if (fragments.length === frames) {
    return dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, frame);
  }
  return dicomParser.readEncapsulatedImageFrame(dataSet, element, frame);
}

function unpack(
  bytes: Uint8Array,
  { rows, columns, bitsAllocated, bitsStored, highBit, isSigned }: PixelFormat,
): Int32Array | Uint32Array {
  const pixels = rows * columns;
  if (bytes.length < (pixels * bitsAllocated) / 8) throw new Error('its Pixel Data are cut off');
  const words = wordsOf(bytes, bitsAllocated, pixels);
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  const values = isSigned ? new Int32Array(pixels) : new Uint32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const word = words[i] << left;
    values[i] = isSigned ? word >> right : word >>> right;
  }
  return values;
}

/**
 * Views little-endian bytes as words; typed arrays are little endian on every Node platform except IBM Z.
 */
function wordsOf(bytes: Uint8Array, bitsAllocated: number, count: number) {
  if (bitsAllocated === 8) return bytes;
  // Typed arrays must begin at multiples of their element size.
  const start = bytes.byteOffset % 4 === 0 ? bytes.byteOffset : 0;
  const buffer = start === bytes.byteOffset ? bytes.buffer : Uint8Array.from(bytes).buffer;
  return bitsAllocated === 16
    ? new Uint16Array(buffer, start, count)
    : new Uint32Array(buffer, start, count);
}
