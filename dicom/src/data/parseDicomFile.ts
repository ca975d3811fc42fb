import dicomParser, { type DataSet } from 'dicom-parser';
import { FewshotError } from 'fewshot-sam';
import { inflatePadded } from './inflateRaw';
import type { NaturalizedDataset } from './naturalized';
import { parserMessage } from './parserMessage';
import { dictionaryVr, naturalizeElements } from './naturalizeElements';

/** A DICOM file in memory. */
export interface NaturalizedFile {
  transferSyntaxUid: string;
  /** Implementation Version Name of the software that wrote the file. */
  implementation: string;
  /** Without pixel data, private elements and those of raw bytes. */
  dataset: NaturalizedDataset;
  pixelData: PixelDataElement | null;
}

/** Pixel Data as stored in the file. */
export type PixelDataElement =
  { encapsulated: false; bytes: Uint8Array } | { encapsulated: true; fragments: Uint8Array[][] };

const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
const PIXEL_DATA = 'x7fe00010';
/** Bytes; larger than any segmentation that a browser could show. */
const LARGEST_INFLATED = 2 ** 29;

/**
 * Reads a DICOM file (PS3.10) in any uncompressed or encapsulated transfer syntax, or deflated. Time and
 * memory are bounded by the file's size and `LARGEST_INFLATED`, whatever the content.
 *
 * @param what name of the file for the user, e.g. `The segmentation`; begins messages
 * @throws FewshotError `bad-input` when it is not DICOM, truncated, or inconsistent
 */
export async function parseDicomFile(bytes: Uint8Array, what: string): Promise<NaturalizedFile> {
  const damaged = (detail: string, cause?: unknown) =>
    new FewshotError(
      'bad-input',
      `${what} cannot be read: ${detail}.`,
      'Copy or export the DICOM file again, or give another one.',
      { cause },
    );
  if (bytes.length < 132 || String.fromCharCode(...bytes.subarray(128, 132)) !== 'DICM') {
    throw damaged('it is not a DICOM file');
  }
  let transferSyntaxUid: string;
  let implementation: string;
  let dataSet: DataSet;
  try {
    const meta = dicomParser.readPart10Header(bytes);
    transferSyntaxUid = meta.string('x00020010') ?? '';
    implementation = meta.string('x00020013') ?? '';
    const inflated =
      transferSyntaxUid === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        ? await inflatePadded(bytes.subarray(endOfMeta(meta)), LARGEST_INFLATED)
        : null;
    dataSet = dicomParser.parseDicom(bytes, {
      inflater: () => inflated,
      vrCallback: dictionaryVr,
    });
  } catch (error) {
    throw damaged(parserMessage(error) || 'its structure is damaged', error);
  }
  if (transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN) {
    throw damaged('it is in Explicit VR Big Endian, which is retired');
  }
  // Drop file meta elements: their offsets refer to the file, even where the data set was deflated.
  for (const tag of Object.keys(dataSet.elements)) {
    if (tag.startsWith('x0002')) delete dataSet.elements[tag];
  }
  try {
    return {
      transferSyntaxUid,
      implementation,
      dataset: naturalizeElements(dataSet),
      pixelData: pixelDataOf(dataSet),
    };
  } catch (error) {
    throw damaged(parserMessage(error) || 'its structure is damaged', error);
  }
}

/** Returns where the data set begins: after the last element of the file meta information. */
function endOfMeta(meta: DataSet): number {
  return Math.max(
    ...Object.values(meta.elements).map(({ dataOffset, length }) => dataOffset + length),
  );
}

function pixelDataOf(dataSet: DataSet): PixelDataElement | null {
  const element = dataSet.elements[PIXEL_DATA];
  if (!element) return null;
  const { byteArray } = dataSet;
  if (!element.encapsulatedPixelData) {
    const { dataOffset, length } = element;
    return { encapsulated: false, bytes: byteArray.subarray(dataOffset, dataOffset + length) };
  }
  const offsets = element.basicOffsetTable ?? [];
  const frames: Uint8Array[][] = [];
  for (const { offset, position, length } of element.fragments ?? []) {
    const fragment = byteArray.subarray(position, position + length);
    // Without an offset table, each fragment is a frame (PS3.5, A.4).
    if (offsets.length === 0 || offset === offsets[frames.length]) frames.push([fragment]);
    else if (frames.length > 0) frames[frames.length - 1].push(fragment);
  }
  return { encapsulated: true, fragments: frames };
}
