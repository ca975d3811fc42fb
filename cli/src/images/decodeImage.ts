import { decode as decodePng, type DecodedPng } from 'fast-png';
import { fromArrayBuffer } from 'geotiff';
import jpeg from 'jpeg-js';
import { looksLikeDicom, readSingleFrame } from 'fewshot-sam-dicom/node';

/** The values of an image file as they are stored. */
export interface DecodedImage {
  rows: number;
  columns: number;
  /** 1 for gray values or label numbers, 3 for red, green and blue. */
  channels: 1 | 3;
  /** Pixel by pixel, `rows * columns * channels`. */
  values: ArrayLike<number>;
  /** mm between rows and between columns; null where the file does not say. */
  spacing: [number, number] | null;
}

/** What the numbers are: colors of a palette are shown for an image, and are its numbers for labels. */
export type ImageUse = 'image' | 'labels';

/** Highest number of pixels: 2 GB of values in single precision. */
const MOST_PIXELS = 2 ** 29;
/** Of a JPEG file, MB. */
const JPEG_MEMORY = { maxResolutionInMP: 512, maxMemoryUsageInMB: 4096 };

/**
 * Decodes a PNG, JPEG, TIFF (its first page) or single-frame DICOM file, by its content. Transparency is
 * ignored.
 *
 * @throws Error that says what is wrong with the file
 */
export async function decodeImage(bytes: Uint8Array, use: ImageUse): Promise<DecodedImage> {
  const begins = (...values: number[]) => values.every((value, i) => bytes[i] === value);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return ofPng(decodePng(bytes), use);
  if (begins(0xff, 0xd8)) return ofJpeg(bytes);
  if (begins(0x49, 0x49) || begins(0x4d, 0x4d)) return ofTiff(bytes, use);
  if (looksLikeDicom(bytes)) return ofDicom(bytes);
  throw new Error('it is not a PNG, JPEG, TIFF or DICOM file');
}

function ofPng(png: DecodedPng, use: ImageUse): DecodedImage {
  const { width: columns, height: rows, palette, channels } = png;
  const data = unpacked(png);
  if (palette && use === 'image') {
    const values = new Uint8Array(3 * data.length);
    data.forEach((index, i) => values.set((palette[index] ?? [0, 0, 0]).slice(0, 3), 3 * i));
    return grayIfEqual({ rows, columns, channels: 3, values, spacing: null });
  }
  return ofChannels(data, rows, columns, palette ? 1 : channels);
}

/** The values of a PNG image, of which several share a byte where they have fewer than 8 bits. */
function unpacked({ data, depth, width, height }: DecodedPng): Uint8Array | Uint16Array {
  if (depth >= 8) return data instanceof Uint16Array ? data : new Uint8Array(data);
  const values = new Uint8Array(width * height);
  const rowBytes = Math.ceil((width * depth) / 8);
  for (let i = 0; i < values.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    values[i] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }
  return values;
}

function ofJpeg(bytes: Uint8Array): DecodedImage {
  const { width, height, data } = jpeg.decode(bytes, { useTArray: true, ...JPEG_MEMORY });
  return ofChannels(data, height, width, 4);
}

async function ofTiff(bytes: Uint8Array, use: ImageUse): Promise<DecodedImage> {
  const tiff = await fromArrayBuffer(Uint8Array.from(bytes).buffer);
  const image = await tiff.getImage(0);
  const [rows, columns] = [image.getHeight(), image.getWidth()];
  const photometric: unknown = await image.fileDirectory.loadValue('PhotometricInterpretation');
  const samples = image.getSamplesPerPixel();
  const isGray = photometric === WHITE_IS_ZERO || photometric === BLACK_IS_ZERO;
  if (samples > 1 || (!isGray && use === 'image')) {
    const rgb = await image.readRGB({ interleave: true });
    return ofChannels(rgb as unknown as ArrayLike<number>, rows, columns, 3);
  }
  const values = (await image.readRasters({ interleave: true })) as unknown as ArrayLike<number>;
  if (photometric !== WHITE_IS_ZERO || use === 'labels') {
    return ofChannels(values, rows, columns, 1);
  }
  return ofChannels(
    Float32Array.from(values, value => -value),
    rows,
    columns,
    1,
  );
}

const WHITE_IS_ZERO = 0;
const BLACK_IS_ZERO = 1;

async function ofDicom(bytes: Uint8Array): Promise<DecodedImage> {
  const { rows, columns, spacing, pixels } = await readSingleFrame(bytes);
  if (pixels.kind === 'jpeg') return { ...ofJpeg(pixels.bytes), spacing };
  const { values } = pixels;
  if (pixels.kind === 'gray') return { rows, columns, channels: 1, values, spacing };
  return grayIfEqual({ rows, columns, channels: 3, values, spacing });
}

/** @param channels gray, gray and alpha, RGB, or RGB and alpha */
function ofChannels(
  data: ArrayLike<number>,
  rows: number,
  columns: number,
  channels: number,
): DecodedImage {
  const pixels = rows * columns;
  if (pixels > MOST_PIXELS) throw new Error(`it has ${columns} x ${rows} pixels, too many`);
  if (data.length < pixels * channels) throw new Error('it is cut off');
  const common = { rows, columns, spacing: null };
  if (channels === 1) return { ...common, channels: 1, values: data };
  if (channels === 2) {
    const values = Float32Array.from({ length: pixels }, (_, i) => data[2 * i]);
    return { ...common, channels: 1, values };
  }
  if (channels === 3) return grayIfEqual({ ...common, channels: 3, values: data });
  const values = new Float32Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) values[3 * i + c] = data[4 * i + c];
  }
  return grayIfEqual({ ...common, channels: 3, values });
}

/** Many gray images are stored as color. */
function grayIfEqual(image: DecodedImage): DecodedImage {
  const { rows, columns, values } = image;
  for (let i = 0; i < 3 * rows * columns; i += 3) {
    if (values[i] !== values[i + 1] || values[i] !== values[i + 2]) return image;
  }
  const gray = Float32Array.from({ length: rows * columns }, (_, i) => values[3 * i]);
  return { ...image, channels: 1, values: gray };
}
