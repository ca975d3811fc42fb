import dicomParser from 'dicom-parser';
import type { DicomImage } from './dicomSeries';

type DataSet = dicomParser.DataSet;

const TAG = {
  pixelData: 'x7fe00010',
  sharedGroups: 'x52009229',
  perFrameGroups: 'x52009230',
  planePosition: 'x00209113',
  planeOrientation: 'x00209116',
  pixelMeasures: 'x00289110',
  pixelValueTransformation: 'x00289145',
  position: 'x00200032',
  orientation: 'x00200037',
  pixelSpacing: 'x00280030',
  intercept: 'x00281052',
  slope: 'x00281053',
  transferSyntax: 'x00020010',
};
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** What functional groups say of one frame (PS3.3, C.7.6.16.2). */
export type FramePlace = Required<Pick<DicomImage, 'position' | 'orientation' | 'rescale'>>;

/** Decimal strings of an attribute; none when it is absent. */
export function numbersOf(dataSet: DataSet, tag: string): number[] {
  return (dataSet.string(tag) ?? '').split('\\').filter(Boolean).map(Number);
}

/** The first item of a sequence of the frame's own groups, else of the shared ones. */
function groupOf(header: DataSet, frame: number, tag: string): DataSet | undefined {
  const own = header.elements[TAG.perFrameGroups]?.items?.[frame]?.dataSet;
  const shared = header.elements[TAG.sharedGroups]?.items?.[0]?.dataSet;
  return (own?.elements[tag] ?? shared?.elements[tag])?.items?.[0]?.dataSet;
}

/**
 * Where the frames of an enhanced multi-frame image (CT, MR) lie, and how their values become those of
 * the modality.
 *
 * @param header with its functional groups
 * @returns null when it is none, or does not say so of every frame
 */
export function framePlaces(header: DataSet, frames: number): FramePlace[] | null {
  if (header.elements[TAG.perFrameGroups]?.items?.length !== frames) return null;
  const places = Array.from({ length: frames }, (_, frame) => {
    const numbers = (group: string, tag: string) => {
      const dataSet = groupOf(header, frame, group);
      return dataSet ? numbersOf(dataSet, tag) : [];
    };
    const [slope = 1] = numbers(TAG.pixelValueTransformation, TAG.slope);
    const [intercept = 0] = numbers(TAG.pixelValueTransformation, TAG.intercept);
    return {
      position: numbers(TAG.planePosition, TAG.position),
      orientation: numbers(TAG.planeOrientation, TAG.orientation),
      rescale: { slope, intercept },
    };
  });
  const isPlaced = places.every(
    ({ position, orientation }) => position.length === 3 && orientation.length === 6,
  );
  return isPlaced ? places : null;
}

/**
 * Frames of an enhanced multi-frame image as files of their own, for readers of single slices: stored
 * values, without rescale, and their place. Nothing else is taken over, least of all the patient.
 *
 * @param bytes the file
 * @returns makes the file of one frame; throws an Error when the pixel data cannot be taken apart
 */
export function singleFrameFiles(bytes: Uint8Array): (image: DicomImage) => Uint8Array {
  const dataSet = dicomParser.parseDicom(bytes);
  return image => singleFrameFile(dataSet, image);
}

function singleFrameFile(dataSet: DataSet, { frame = 1, ...image }: DicomImage): Uint8Array {
  const pixelData = dataSet.elements[TAG.pixelData];
  if (!pixelData) throw new Error('it has no pixel data');
  const transferSyntax = dataSet.string(TAG.transferSyntax) ?? IMPLICIT_LITTLE_ENDIAN;
  const measures = groupOf(dataSet, frame - 1, TAG.pixelMeasures);
  const spacing = measures ? (measures.string(TAG.pixelSpacing) ?? '') : '';
  const isEncapsulated = pixelData.encapsulatedPixelData === true;
  const uid = `2.25.1${String(frame).padStart(6, '0')}`;
  const number = (tag: string, otherwise: number) => dataSet.uint16(tag) ?? otherwise;
  const meta = join([
    element(0x0002, 0x0002, 'UI', CT_IMAGE_STORAGE),
    element(0x0002, 0x0003, 'UI', uid),
    // Also where it was implicit: values of pixels look alike in both.
    element(0x0002, 0x0010, 'UI', isEncapsulated ? transferSyntax : EXPLICIT_LITTLE_ENDIAN),
  ]);
  return join([
    new Uint8Array(128),
    new TextEncoder().encode('DICM'),
    element(0x0002, 0x0000, 'UL', meta.length),
    meta,
    element(0x0008, 0x0016, 'UI', CT_IMAGE_STORAGE),
    element(0x0008, 0x0018, 'UI', uid),
    element(0x0008, 0x0060, 'CS', 'CT'),
    element(0x0020, 0x000d, 'UI', '2.25.1'),
    element(0x0020, 0x000e, 'UI', '2.25.2'),
    element(0x0020, 0x0013, 'IS', String(frame)),
    element(0x0020, 0x0032, 'DS', image.position.join('\\')),
    element(0x0020, 0x0037, 'DS', image.orientation.join('\\')),
    element(0x0028, 0x0002, 'US', number('x00280002', 1)),
    element(0x0028, 0x0004, 'CS', dataSet.string('x00280004') ?? 'MONOCHROME2'),
    element(0x0028, 0x0010, 'US', image.rows),
    element(0x0028, 0x0011, 'US', image.columns),
    element(0x0028, 0x0030, 'DS', spacing),
    element(0x0028, 0x0100, 'US', number('x00280100', 16)),
    element(0x0028, 0x0101, 'US', number('x00280101', 16)),
    element(0x0028, 0x0102, 'US', number('x00280102', 15)),
    element(0x0028, 0x0103, 'US', number('x00280103', 0)),
    isEncapsulated
      ? encapsulated(encodedFrame(dataSet, frame - 1, image.frames))
      : element(0x7fe0, 0x0010, 'OW', nativeFrame(dataSet, frame - 1, image)),
  ]);
}

function nativeFrame(
  dataSet: DataSet,
  frame: number,
  { rows, columns }: Pick<DicomImage, 'rows' | 'columns'>,
): Uint8Array {
  const { dataOffset, length } = dataSet.elements[TAG.pixelData];
  const bytes = (rows * columns * (dataSet.uint16('x00280100') ?? 16)) / 8;
  const start = frame * bytes;
  if (start + bytes > length) throw new Error(`frame ${frame + 1} is cut off`);
  return dataSet.byteArray.subarray(dataOffset + start, dataOffset + start + bytes);
}

function encodedFrame(dataSet: DataSet, frame: number, frames: number): Uint8Array {
  const pixelData = dataSet.elements[TAG.pixelData];
  const isOneFragmentEach = pixelData.fragments?.length === frames;
  return Uint8Array.from(
    isOneFragmentEach
      ? dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, pixelData, frame)
      : dicomParser.readEncapsulatedImageFrame(dataSet, pixelData, frame),
  );
}

/** Pixel Data of one fragment, with an empty offset table (PS3.5, A.4). */
function encapsulated(frame: Uint8Array): Uint8Array {
  const tag = (group: number, number: number, length: number) => {
    const head = new DataView(new ArrayBuffer(8));
    head.setUint16(0, group, true);
    head.setUint16(2, number, true);
    head.setUint32(4, length, true);
    return new Uint8Array(head.buffer);
  };
  const head = new DataView(new ArrayBuffer(12));
  head.setUint16(0, 0x7fe0, true);
  head.setUint16(2, 0x0010, true);
  head.setUint16(4, 0x424f, true);
  head.setUint32(8, 0xffffffff, true);
  const even = frame.length + (frame.length % 2);
  const padded = new Uint8Array(even);
  padded.set(frame);
  return join([
    new Uint8Array(head.buffer),
    tag(0xfffe, 0xe000, 0),
    tag(0xfffe, 0xe000, even),
    padded,
    tag(0xfffe, 0xe0dd, 0),
  ]);
}

type Vr = 'CS' | 'DS' | 'IS' | 'OW' | 'UI' | 'UL' | 'US';

/** A data element in Explicit VR Little Endian (PS3.5, 7.1.2). */
function element(
  group: number,
  number: number,
  vr: Vr,
  value: string | number | Uint8Array,
): Uint8Array {
  const bytes = valueBytes(vr, value);
  const length = bytes.length + (bytes.length % 2);
  const start = vr === 'OW' ? 12 : 8;
  const written = new Uint8Array(start + length);
  if (vr === 'CS' || vr === 'DS' || vr === 'IS') written.fill(0x20, start);
  written.set(bytes, start);
  const head = new DataView(written.buffer);
  head.setUint16(0, group, true);
  head.setUint16(2, number, true);
  written.set(new TextEncoder().encode(vr), 4);
  if (vr === 'OW') head.setUint32(8, length, true);
  else head.setUint16(6, length, true);
  return written;
}

function valueBytes(vr: Vr, value: string | number | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return new TextEncoder().encode(value);
  const view = new DataView(new ArrayBuffer(vr === 'UL' ? 4 : 2));
  if (vr === 'UL') view.setUint32(0, value, true);
  else view.setUint16(0, value, true);
  return new Uint8Array(view.buffer);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
