import dicomParser, { type DataSet } from 'dicom-parser';
import { FewshotError } from 'fewshot-sam';
import { inflatePadded } from './inflateRaw';
import type { NaturalizedDataset } from './naturalized';
import { dictionaryVr, naturalizeElements } from './naturalizeElements';

/** A DICOM file in memory. */
export interface DicomFile {
  transferSyntaxUid: string;
  /** Implementation Version Name: what wrote the file. */
  implementation: string;
  /** Without pixel data, private elements and those of raw bytes. */
  dataset: NaturalizedDataset;
  pixelData: PixelDataElement | null;
}

/** Pixel Data as it lies in the file. */
export type PixelDataElement =
  { encapsulated: false; bytes: Uint8Array } | { encapsulated: true; fragments: Uint8Array[][] };

const EXPLICIT_VR_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1.99';
const PIXEL_DATA = 'x7fe00010';
/** Bytes; no data set of a segmentation that a browser could show is larger. */
const LARGEST_INFLATED = 2 ** 29;

/**
 * Reads a DICOM file (PS3.10) in any uncompressed or encapsulated transfer syntax, or deflated. Time
 * and memory are in proportion to the file's size, whatever is in it, and to `LARGEST_INFLATED`.
 *
 * @param what what the file is to the user, e.g. `The segmentation`; begins messages
 * @throws FewshotError `bad-input` when it is not DICOM, cut off, or inconsistent
 */
export async function parseDicomFile(bytes: Uint8Array, what: string): Promise<DicomFile> {
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
    throw damaged(detailOf(error), error);
  }
  if (transferSyntaxUid === EXPLICIT_VR_BIG_ENDIAN) {
    throw damaged('it is in Explicit VR Big Endian, which is retired');
  }
  // Its values lie in the file itself, even where the data set was deflated.
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
    throw damaged(detailOf(error), error);
  }
}

/** Where the data set begins: behind the last element of the file meta information. */
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
    // Without a table of offsets each fragment is a frame (PS3.5, A.4).
    if (offsets.length === 0 || offset === offsets[frames.length]) frames.push([fragment]);
    else if (frames.length > 0) frames[frames.length - 1].push(fragment);
  }
  return { encapsulated: true, fragments: frames };
}

/** dicom-parser throws texts, errors, and objects around either. */
function detailOf(error: unknown): string {
  const inner = (error as { exception?: unknown } | null)?.exception ?? error;
  const text = inner instanceof Error ? inner.message : String(inner);
  return text.replace(/^dicomParser\.\w+: /, '').replace(/\.$/, '') || 'its structure is damaged';
}
