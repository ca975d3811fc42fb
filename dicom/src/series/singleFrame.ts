import dicomParser from 'dicom-parser';
import { isBigEndian, isNative, parseDicom, type DicomFile } from './dicomFile';
import { elementNumbers, rescaleOf } from './dicomFrames';
import { storedValues } from './storedValues';

/** A single image with no place in a volume. */
export interface SingleFrame {
  rows: number;
  columns: number;
  /** mm between rows and between columns; null where the file does not say. */
  spacing: [number, number] | null;
  /** Its values: numbers in modality units, bright where the image is shown bright; RGB, pixel by pixel; or a JPEG file. */
  pixels:
    | { kind: 'gray'; values: Float32Array }
    | { kind: 'rgb'; values: Uint8Array }
    | { kind: 'jpeg'; bytes: Uint8Array };
}

const TAG = {
  frames: 'x00280008',
  samplesPerPixel: 'x00280002',
  photometric: 'x00280004',
  planarConfiguration: 'x00280006',
  rows: 'x00280010',
  columns: 'x00280011',
  bitsAllocated: 'x00280100',
  pixelData: 'x7fe00010',
};

/** Where the width of a pixel may stand: in the patient, on the detector, of a scanned photograph. */
const SPACINGS = ['x00280030', 'x00181164', 'x00182010'];

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

/**
 * Reads an image of one frame: X-ray, ultrasound, endoscopy, photographs (PS3.3, C.7.6.3). Monochrome of any
 * kind that series have; color as RGB or YBR_FULL without compression, or as baseline JPEG.
 *
 * @throws Error that says what is not supported or damaged
 */
export async function readSingleFrame(bytes: Uint8Array): Promise<SingleFrame> {
  const dicom = parseDicom(bytes);
  const { dataSet } = dicom;
  const frames = Number(dataSet.string(TAG.frames) ?? 1);
  if (frames > 1) throw new Error(`it has ${frames} frames`);
  const rows = dataSet.uint16(TAG.rows) ?? 0;
  const columns = dataSet.uint16(TAG.columns) ?? 0;
  if (!dataSet.elements[TAG.pixelData] || rows === 0 || columns === 0) {
    throw new Error('it has no Pixel Data');
  }
  const spacing = SPACINGS.map(tag => elementNumbers(dataSet, tag)).find(
    values => values.length === 2 && values.every(value => value > 0),
  ) as [number, number] | undefined;
  const isColor = dataSet.uint16(TAG.samplesPerPixel) === 3;
  const pixels = isColor ? colorOf(dicom, rows * columns) : await grayOf(dicom);
  return { rows, columns, spacing: spacing ?? null, pixels };
}

async function grayOf(dicom: DicomFile): Promise<SingleFrame['pixels']> {
  const { slope, intercept } = rescaleOf(dicom.dataSet);
  const stored = await storedValues(dicom, 0, 1);
  // MONOCHROME1 shows the lowest value white.
  const sign = dicom.dataSet.string(TAG.photometric)?.trim() === 'MONOCHROME1' ? -1 : 1;
  const values = Float32Array.from(stored, value => sign * (value * slope + intercept));
  return { kind: 'gray', values };
}

function colorOf({ dataSet, transferSyntax }: DicomFile, pixels: number): SingleFrame['pixels'] {
  const photometric = dataSet.string(TAG.photometric)?.trim() ?? '';
  const element = dataSet.elements[TAG.pixelData];
  if (transferSyntax === JPEG_BASELINE) {
    const { length } = element.fragments ?? [];
    if (length === 0) throw new Error('its Pixel Data are empty');
    const bytes = dicomParser.readEncapsulatedPixelDataFromFragments(dataSet, element, 0, length);
    return { kind: 'jpeg', bytes: Uint8Array.from(bytes) };
  }
  if (!isNative(transferSyntax) || isBigEndian(transferSyntax)) {
    throw new Error(`color in its transfer syntax is not supported (${transferSyntax})`);
  }
  if (
    (photometric !== 'RGB' && photometric !== 'YBR_FULL') ||
    dataSet.uint16(TAG.bitsAllocated) !== 8
  ) {
    throw new Error(`its colors are not supported (Photometric Interpretation ${photometric})`);
  }
  if (element.length < 3 * pixels) throw new Error('its Pixel Data are cut off');
  const given = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + 3 * pixels);
  const isPlanar = dataSet.uint16(TAG.planarConfiguration) === 1;
  const values = new Uint8Array(3 * pixels);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) values[3 * i + c] = given[isPlanar ? c * pixels + i : 3 * i + c];
  }
  return { kind: 'rgb', values: photometric === 'RGB' ? values : rgbOf(values) };
}

/** YBR_FULL to RGB (PS3.3, C.7.6.3.1.2), pixel by pixel. */
function rgbOf(ybr: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(ybr.length);
  for (let i = 0; i < ybr.length; i += 3) {
    const [y, blue, red] = [ybr[i], ybr[i + 1] - 128, ybr[i + 2] - 128];
    rgb[i] = y + 1.402 * red;
    rgb[i + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[i + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}
