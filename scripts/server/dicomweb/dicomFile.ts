import dcmjs, { type DcmjsDataset, type DcmjsFile } from 'dcmjs';
import { open, readFile } from 'node:fs/promises';

// dcmjs warns about every small deviation of every file; we report unreadable files ourselves.
dcmjs.log.setLevel('silent', false);
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent', false);

export const PIXEL_DATA = '7FE00010';
const TRANSFER_SYNTAX_UID = '00020010';

/** Enough for the header of nearly every image; otherwise the whole file is read. */
const HEADER_BYTES = 256 * 1024;

/** A DICOM data set in memory. */
export interface DicomFile {
  transferSyntaxUid: string;
  /** Elements by tag, eight upper-case hex digits, as read by dcmjs. */
  dataset: DcmjsDataset;
}

/**
 * Reads a Part 10 file up to its pixel data.
 *
 * @returns `dataset` has an empty element 7FE00010 when the file has pixel data; null when the file
 *   is not DICOM (no `DICM` at byte 128, or no readable header)
 */
export async function readDicomHeader(file: string): Promise<DicomFile | null> {
  const handle = await open(file, 'r');
  let start: Buffer;
  let size: number;
  try {
    size = (await handle.stat()).size;
    const buffer = Buffer.alloc(Math.min(size, HEADER_BYTES));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    start = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  if (!isPart10(start)) return null;
  const header = tryParse(start, PIXEL_DATA);
  // dcmjs reads a truncated value as far as it goes, so only the next tag proves completeness.
  if (header && (PIXEL_DATA in header.dataset || size <= HEADER_BYTES)) return header;
  return tryParse(await readFile(file), PIXEL_DATA);
}

/**
 * Parses a whole Part 10 file.
 *
 * @returns null when the bytes are not DICOM
 */
export function parseDicom(bytes: Uint8Array): DicomFile | null {
  return isPart10(bytes) ? tryParse(bytes, null) : null;
}

/** Whether bytes have the prefix `DICM` after the 128-byte preamble (PS3.10, 7.1). */
export function isPart10(bytes: Uint8Array): boolean {
  return bytes.length > 132 && Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';
}

function tryParse(bytes: Uint8Array, untilTag: string | null): DicomFile | null {
  let file: DcmjsFile;
  try {
    const buffer = new Uint8Array(bytes).buffer;
    file = dcmjs.data.DicomMessage.readFile(buffer, {
      ignoreErrors: true,
      untilTag,
      includeUntilTagValue: false,
    });
  } catch {
    return null;
  }
  const transferSyntaxUid = (file.meta[TRANSFER_SYNTAX_UID]?.Value as unknown[] | undefined)?.[0];
  if (typeof transferSyntaxUid !== 'string' || !transferSyntaxUid) return null;
  return { transferSyntaxUid, dataset: file.dict };
}

/** Returns the first value of an element as trimmed text; empty when absent. */
export function text(dataset: DcmjsDataset, tag: string): string {
  const value = dataset[tag]?.Value;
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return first === undefined || first === null ? '' : String(first).trim();
}

/** Returns the first value of an element as a number; `absent` when there is none. */
export function number(dataset: DcmjsDataset, tag: string, absent: number): number {
  const value = text(dataset, tag);
  return value === '' || !Number.isFinite(Number(value)) ? absent : Number(value);
}
