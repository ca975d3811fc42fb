import { open, readFile } from 'node:fs/promises';
import { parseDicom, PIXEL_DATA, readDicomHeader, type DicomFile } from './dicomFile';
import { framesOf, hasImage, isNative, nativeBytes } from './frames';

const DEFLATED = '1.2.840.10008.1.2.1.99';
const IMPLICIT = '1.2.840.10008.1.2';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const UNDEFINED = 0xffffffff;
const ITEM = 0xfffee000;
const SEQUENCE_DELIMITER = 0xfffee0dd;

/**
 * Reads a file's header, and checks that its pixel data are complete.
 *
 * @returns null when the file is not DICOM, or was cut off
 */
export async function readWholeHeader(file: string): Promise<DicomFile | null> {
  const header = await readDicomHeader(file);
  if (!header || !hasImage(header)) return header;
  // Truncated before its pixel data, or even before Rows.
  if (!(PIXEL_DATA in header.dataset)) return null;
  return (await isWhole(file, header)) ? header : null;
}

async function isWhole(file: string, header: DicomFile): Promise<boolean> {
  const { transferSyntaxUid } = header;
  if (transferSyntaxUid === DEFLATED) {
    const dicom = parseDicom(await readFile(file));
    return dicom !== null && framesOf(dicom).length > 0;
  }
  if (!isNative(transferSyntaxUid)) return endsWithDelimiter(await readFile(file));
  const bytes = nativeBytes(header);
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    // The element must begin early enough for the pixel data to fit after it.
    const start = Buffer.alloc(Math.max(0, Math.min(size, size - bytes)));
    await handle.read(start, 0, start.length, 0);
    return valueStarts(
      start,
      transferSyntaxUid,
      length => length >= bytes && length !== UNDEFINED,
    ).some(at => at + bytes <= size);
  } finally {
    await handle.close();
  }
}

/** Returns where values of (7FE0,0010) may start; icon sequences contain others. */
function valueStarts(
  bytes: Buffer,
  transferSyntaxUid: string,
  isLength: (length: number) => boolean,
): number[] {
  const isBig = transferSyntaxUid === BIG_ENDIAN;
  const tag = Buffer.from(isBig ? [0x7f, 0xe0, 0, 0x10] : [0xe0, 0x7f, 0x10, 0]);
  const head = transferSyntaxUid === IMPLICIT ? 8 : 12;
  const starts: number[] = [];
  for (let at = bytes.indexOf(tag); at >= 0; at = bytes.indexOf(tag, at + 1)) {
    if (at + head > bytes.length) break;
    const place = at + head - 4;
    const length = isBig ? bytes.readUInt32BE(place) : bytes.readUInt32LE(place);
    if (isLength(length)) starts.push(at + head);
  }
  return starts;
}

/** Whether encapsulated pixel data end with a delimiter after their items (PS3.5, A.4). */
function endsWithDelimiter(bytes: Buffer): boolean {
  const starts = valueStarts(bytes, '', length => length === UNDEFINED);
  return starts.some(start => {
    for (let at = start; at + 8 <= bytes.length;) {
      const tag = bytes.readUInt16LE(at) * 65536 + bytes.readUInt16LE(at + 2);
      if (tag === SEQUENCE_DELIMITER) return true;
      if (tag !== ITEM) return false;
      at += 8 + bytes.readUInt32LE(at + 4);
    }
    return false;
  });
}
