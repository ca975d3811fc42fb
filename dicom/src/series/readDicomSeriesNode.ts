import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  FewshotError,
  type OnNote,
  seriesNotes,
  unit,
  type Volume,
  type VolumeGeometry,
} from 'fewshot-sam';
import { parseDicom, looksLikeDicom, type DicomFile } from './dicomFile';
import { framePlaces, elementNumbers, rescaleOf } from './dicomFrames';
import { nameOf, sortSeries, type DicomImage, type SortedSeries } from './dicomSeries';
import { storedValues } from './storedValues';

/**
 * SOP classes of objects beside images in a folder that are not slices: DICOMDIR, waveforms, presentation
 * states, segmentations and other derived objects, reports, RT objects.
 */
const NO_SLICE =
  /^1\.2\.840\.10008\.(1\.3\.10|5\.1\.4\.1\.1\.(9|11|66|67|68|78|79|80|81|88|90|91|104|200|481)(\.\d+)*)$/;

/** File name endings of DICOM files. */
const ENDING = /\.(dcm|dicom|ima)$/i;

/**
 * Reads the one DICOM series in a folder: parses every file, decodes every image into stored values and
 * applies its own rescale (PS3.3, C.7.6.3 and C.11.1). Image positions determine the order of slices.
 *
 * @param what name of the folder for the user, e.g. `--image`; begins notes, and messages with its path
 * @param onNote called for tilt, uneven spacing and slices that seem missing
 * @throws FewshotError as `readVolume`; messages name the file
 */
export async function readDicomSeries(
  folder: string,
  what: string,
  onNote: OnNote,
): Promise<Volume> {
  const name = `${what} ${folder}`;
  const series = await readSeries(folder, name);
  const { images, geometry } = series;
  const slices = images.map((_, slice) => slice);
  for (const note of seriesNotes(geometry, slices)) onNote(`${what}: ${note}`);
  const pixels = images[0].rows * images[0].columns;
  const data = new Float32Array(pixels * images.length);
  let opened = '';
  let dicom: DicomFile | undefined;
  for (const [slice, image] of images.entries()) {
    const { file, frame = 1, frames, rescale } = image;
    const refuse = (error: unknown) => refusal(name, image, error);
    if (!dicom || opened !== file) dicom = await parseFile(file).catch(refuse);
    opened = file;
    const stored = await storedValues(dicom, frame - 1, frames).catch(refuse);
    const start = slice * pixels;
    for (let i = 0; i < pixels; i++) {
      data[start + i] = stored[i] * rescale.slope + rescale.intercept;
    }
  }
  return { data, ...volumeGeometry(series) };
}

/** Returns the geometry of a sorted series, with the shear of a tilted one. */
export function volumeGeometry({ images, geometry }: SortedSeries): VolumeGeometry {
  const { row, column, normal, positions, tilt, step, sliceSpacing, isEven, isStraight } = geometry;
  const [{ rows, columns, pixelSpacing }] = images;
  const isSheared = tilt !== null && isStraight;
  const through = isSheared ? unit(step) : normal;
  const alongNormal = through.reduce((sum, value, axis) => sum + value * normal[axis], 0);
  return {
    size: [columns, rows, images.length],
    spacing: [pixelSpacing[1], pixelSpacing[0], sliceSpacing / alongNormal],
    origin: positions[0],
    direction: [0, 1, 2].flatMap(axis => [row[axis], column[axis], through[axis]]),
    ...(isEven && isStraight ? {} : { sliceOrigins: positions }),
  };
}

/**
 * Returns the images of the one DICOM series in a folder, in the order of the slices of its volume.
 *
 * @param name name of the folder for the user; begins messages
 * @throws FewshotError as `readVolume`
 */
export async function seriesImages(folder: string, name: string): Promise<DicomImage[]> {
  return (await readSeries(folder, name)).images;
}

async function readSeries(folder: string, name: string): Promise<SortedSeries> {
  const images: DicomImage[] = [];
  const others: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = path.resolve(folder, entry.name);
    try {
      // Follow links to files.
      if (!(await stat(file)).isFile()) continue;
      const bytes = await readFile(file);
      if (looksLikeDicom(bytes)) images.push(...imagesOf(parseDicom(bytes), file));
      else others.push(entry.name);
    } catch (error) {
      throw refusal(name, { file }, error);
    }
  }
  const unreadable = others.find(other => isMeantAsImage(other, images));
  if (unreadable !== undefined) {
    throw refusal(name, { file: unreadable }, new Error('it is not a DICOM file, or is cut off'));
  }
  try {
    return sortSeries(images);
  } catch (error) {
    if (!(error instanceof FewshotError)) throw error;
    throw new FewshotError(error.code, `${name}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** Whether a file that is not DICOM has a name like one: by its ending, or like the images. */
function isMeantAsImage(name: string, images: readonly DicomImage[]): boolean {
  if (name.startsWith('.')) return false;
  const shape = (text: string) => text.replace(/\d+/g, '#');
  return (
    ENDING.test(name) ||
    images.some(({ file }) => /\d/.test(name) && shape(path.basename(file)) === shape(name))
  );
}

async function parseFile(file: string): Promise<DicomFile> {
  return parseDicom(await readFile(file));
}

/**
 * Reads the images in a file.
 *
 * @returns one entry, or one for each frame if frames have positions; none when the object is not a slice
 * @throws Error when it should be an image but is not
 */
function imagesOf({ dataSet }: DicomFile, file: string): DicomImage[] {
  const text = (tag: string) => dataSet.string(tag) ?? '';
  const sopClass = text('x00080016') || text('x00020002');
  if (NO_SLICE.test(sopClass)) return [];
  const rows = dataSet.uint16('x00280010');
  const columns = dataSet.uint16('x00280011');
  if (!rows || !columns) throw new Error('it has no Rows or Columns, or is cut off');
  const frames = dataSet.intString('x00280008') ?? 1;
  const image: DicomImage = {
    file,
    series: text('x0020000e'),
    study: text('x0020000d'),
    patient: text('x00100020'),
    instance: text('x00080018'),
    modality: text('x00080060'),
    rows,
    columns,
    frames,
    position: elementNumbers(dataSet, 'x00200032'),
    orientation: elementNumbers(dataSet, 'x00200037'),
    pixelSpacing: elementNumbers(dataSet, 'x00280030'),
    rescale: rescaleOf(dataSet),
  };
  const places = image.position.length ? null : framePlaces(dataSet, frames);
  const images = places?.map((place, i) => ({ ...image, ...place, frame: i + 1 })) ?? [image];
  for (const { rescale } of images) {
    const { slope, intercept } = rescale;
    if (Number.isFinite(slope) && Number.isFinite(intercept) && slope !== 0) continue;
    throw new Error(`its Rescale Slope is ${slope} and its Rescale Intercept ${intercept}`);
  }
  return images;
}

function refusal(name: string, image: Pick<DicomImage, 'file' | 'frame'>, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT'
      ? 'the link is broken'
      : typeof code === 'string'
        ? code
        : error instanceof Error
          ? error.message
          : String(error);
  throw new FewshotError(
    'bad-input',
    `${name}: ${nameOf(image)} cannot be read: ${reason}.`,
    'Copy or export the file again; remove it only if it does not belong to the series.',
    { cause: error },
  );
}
