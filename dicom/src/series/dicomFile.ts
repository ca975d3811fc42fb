import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { parserMessage } from '../data/parserMessage';

type DataSet = dicomParser.DataSet;

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const PREAMBLE = 132;

/** A parsed file; its pixel data are not read before they are decoded. */
export interface DicomFile {
  dataSet: DataSet;
  transferSyntax: string;
}

/** Whether bytes begin like a DICOM file, with or without preamble and file meta information. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || beginsWithGroup(bytes, 0x0002) || beginsWithGroup(bytes, 0x0008);
}

/**
 * Parses a whole file, to detect truncation anywhere. Accepts files with file meta information (PS3.10),
 * with it but without preamble, or without any (Explicit or Implicit VR Little Endian).
 *
 * @throws Error that says what is wrong
 */
export function parseDicom(bytes: Uint8Array): DicomFile {
  if (!hasPreamble(bytes)) {
    if (beginsWithGroup(bytes, 0x0002)) {
      const whole = new Uint8Array(PREAMBLE + bytes.length);
      whole.set(new TextEncoder().encode('DICM'), PREAMBLE - 4);
      whole.set(bytes, PREAMBLE);
      return parseDicom(whole);
    }
    const isExplicit = [4, 5].every(i => bytes[i] >= 0x41 && bytes[i] <= 0x5a);
    const transferSyntax = isExplicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
    const options = { TransferSyntaxUID: transferSyntax };
    return { dataSet: parsed(bytes, options), transferSyntax };
  }
  const inflater = (whole: Uint8Array, position: number) => {
    const inflated = inflateRawSync(whole.subarray(position));
    const joined = new Uint8Array(position + inflated.length);
    joined.set(whole.subarray(0, position));
    joined.set(inflated, position);
    return joined;
  };
  const dataSet = parsed(bytes, { inflater });
  return { dataSet, transferSyntax: dataSet.string('x00020010') ?? IMPLICIT_LITTLE_ENDIAN };
}

/** Whether the values of a file are big endian: only in the retired transfer syntax. */
export function isBigEndian(transferSyntax: string): boolean {
  return transferSyntax === '1.2.840.10008.1.2.2';
}

export function isNative(transferSyntax: string): boolean {
  const native = [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, DEFLATED];
  return native.includes(transferSyntax) || isBigEndian(transferSyntax);
}

function parsed(bytes: Uint8Array, options: object): DataSet {
  let dataSet: DataSet;
  try {
    dataSet = dicomParser.parseDicom(bytes, options as dicomParser.ParseDicomOptions);
  } catch (error) {
    const message = parserMessage(error);
    const isCutOff = /overrun|past end|eof|read past|attempt to/i.test(message);
    throw new Error(isCutOff ? 'it is cut off' : message, { cause: error });
  }
  const warning = dataSet.warnings.find(text => /eof|delimiter|unexpected tag/i.test(text));
  if (warning) throw new Error('it is cut off');
  return dataSet;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(PREAMBLE - 4, PREAMBLE)) === 'DICM';
}

/** Whether bytes begin with an early element of a group (element number up to 0x0018). */
function beginsWithGroup(bytes: Uint8Array, group: number): boolean {
  if (bytes.length < 16) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint16(0, true) === group && view.getUint16(2, true) <= 0x0018;
}
