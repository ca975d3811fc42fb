import dicomParser from 'dicom-parser';
import type { FileHandle } from 'node:fs/promises';
import { isNative } from './frames';

/** Deflated data sets are read as a whole or not at all, so nothing is to be checked. */
const DEFLATED = '1.2.840.10008.1.2.1.99';
/** Pixel Data, Float Pixel Data, Double Float Pixel Data. */
const PIXEL_DATA = ['x7fe00010', 'x7fe00008', 'x7fe00009'];
const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;
/** Enough for the header of nearly every image. */
const HEADER_BYTES = 256 * 1024;

const STANDARD_STORAGE = '1.2.840.10008.5.1.4.1.1.';
/**
 * Storage SOP classes without pixel data (PS3.4, B.5), by how they go on: presentation states, raw data
 * and registrations, real world values, surfaces, lensometry and other measurements, reports, content
 * assessment, encapsulated documents, waveforms, displays, protocols, radiotherapy.
 */
const WITHOUT_PIXELS =
  /^(9\.|11\.|66|67$|68\.|77\.1\.5\.3$|78\.|79\.|80\.|88\.|90\.|104\.|131$|20\d\.|481\.)/;
/** Of these families, the members that have pixels: segmentations, RT Image, RT Dose. */
const WITH_PIXELS = /^(66\.[47]|481\.[12])$/;

/** Whether a SOP class requires Rows, Columns and pixel data; false for private classes. */
export function needsPixels(sopClassUid: string): boolean {
  if (!sopClassUid.startsWith(STANDARD_STORAGE)) return false;
  const rest = sopClassUid.slice(STANDARD_STORAGE.length);
  return WITH_PIXELS.test(rest) || !WITHOUT_PIXELS.test(rest);
}

/** A Part 10 file, wherever its bytes are. */
export interface Bytes {
  size: number;
  read(position: number, length: number): Uint8Array | Promise<Uint8Array>;
}

export function bytesInMemory(bytes: Uint8Array): Bytes {
  return {
    size: bytes.length,
    read: (position, length) => bytes.subarray(position, position + length),
  };
}

export async function bytesInFile(handle: FileHandle): Promise<Bytes> {
  return {
    size: (await handle.stat()).size,
    async read(position, length) {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/**
 * Whether a Part 10 file is all there: no element is cut off, and its pixel data is as long as Rows,
 * Columns and frames need. Reads the header and the lengths of the fragments, not the pixels.
 *
 * @returns why it is incomplete; null when it is complete
 */
export async function whyIncomplete(file: Bytes): Promise<string | null> {
  const start = await file.read(0, Math.min(file.size, HEADER_BYTES));
  let header = headerOf(start, file.size);
  if (!header && file.size > start.length) {
    header = headerOf(await file.read(0, file.size), file.size);
  }
  if (!header) return 'it is cut off, or its structure is damaged';
  if (header.transferSyntaxUid === DEFLATED) return null;
  const { sopClassUid, rows, columns, frames, pixels } = header;
  if (!pixels) {
    if (!needsPixels(sopClassUid)) return null;
    return rows && columns ? 'it has no pixel data' : 'it ends before its Rows and Columns';
  }
  if (!rows || !columns) return 'it has pixel data, but no Rows or Columns';
  if (!isNative(header.transferSyntaxUid)) {
    const fragments = await countFragments(file, pixels.offset);
    if (fragments === null) return 'its compressed pixel data is cut off';
    return fragments < frames ? `it has ${fragments} fragments for ${frames} frames` : null;
  }
  const there = pixels.length === UNDEFINED_LENGTH ? file.size - pixels.offset : pixels.length;
  if (pixels.offset + there > file.size) return 'its pixel data is cut off';
  const needed = Math.ceil((header.bitsPerFrame * frames) / 8);
  return there < needed ? `it has ${there} bytes of pixel data and needs ${needed}` : null;
}

interface Header {
  transferSyntaxUid: string;
  sopClassUid: string;
  rows: number;
  columns: number;
  frames: number;
  bitsPerFrame: number;
  pixels: { offset: number; length: number } | null;
}

/** @returns null where the header is not whole in these bytes */
function headerOf(bytes: Uint8Array, size: number): Header | null {
  try {
    const meta = dicomParser.readPart10Header(bytes);
    const transferSyntaxUid = meta.string('x00020010') ?? '';
    if (transferSyntaxUid === DEFLATED) return { ...NOTHING, transferSyntaxUid };
    const dataSet = dicomParser.parseDicom(bytes, { untilTag: PIXEL_DATA[0] });
    const element = PIXEL_DATA.map(tag => dataSet.elements[tag]).find(Boolean);
    if (!element && bytes.length < size) return null;
    const number = (tag: string) => dataSet.uint16(tag) ?? 0;
    const [rows, columns] = [number('x00280010'), number('x00280011')];
    return {
      transferSyntaxUid,
      sopClassUid: dataSet.string('x00080016') ?? '',
      rows,
      columns,
      frames: Math.max(1, dataSet.intString('x00280008') || 1),
      bitsPerFrame: rows * columns * (number('x00280002') || 1) * number('x00280100'),
      pixels: element ? { offset: element.dataOffset, length: element.length } : null,
    };
  } catch {
    return null;
  }
}

const NOTHING: Header = {
  ...{ transferSyntaxUid: '', sopClassUid: '', pixels: null },
  ...{ rows: 0, columns: 0, frames: 1, bitsPerFrame: 0 },
};

/** Fragments behind the Basic Offset Table (PS3.5, A.4); null when the sequence does not end. */
async function countFragments(file: Bytes, offset: number): Promise<number | null> {
  let fragments = -1;
  for (let at = offset; at + 8 <= file.size;) {
    const item = await file.read(at, 8);
    const view = new DataView(item.buffer, item.byteOffset, 8);
    // Group and element, each little-endian.
    const tag = view.getUint16(0, true) * 0x10000 + view.getUint16(2, true);
    if (tag === SEQUENCE_DELIMITER) return Math.max(0, fragments);
    if (tag !== ITEM) return null;
    fragments++;
    at += 8 + view.getUint32(4, true);
  }
  return null;
}
