import path from 'node:path';
import { FewshotError, isSamePixelSpacing, seriesGeometry, type SeriesGeometry } from 'fewshot-sam';

/** One DICOM file, or a frame of one, as part of a series. */
export interface DicomImage {
  file: string;
  /** Frame number from 1, for enhanced multi-frame images. */
  frame?: number;
  /** Stored value * slope + intercept is in the modality's units. */
  rescale: { slope: number; intercept: number };
  /** UIDs and Patient ID, compared and never shown. */
  series: string;
  study: string;
  patient: string;
  instance: string;
  modality: string;
  rows: number;
  columns: number;
  /** Number of frames in the file. */
  frames: number;
  /** Image Position (Patient), mm. */
  position: number[];
  /** Image Orientation (Patient): direction of a row, then of a column. */
  orientation: number[];
  /** mm between rows, mm between columns. */
  pixelSpacing: number[];
}

/** The images of a series in the order of the slices of its volume. */
export interface SortedSeries {
  images: DicomImage[];
  geometry: SeriesGeometry;
}

/** Series of up to this many images are listed file by file. */
const FEW = 3;

/**
 * Sorts the images of one series by position, ascending along the normal of their plane (row direction x
 * column direction: DICOM PS3.3 C.7.6.2.1.1). Also sorts uneven and tilted stacks.
 *
 * @throws FewshotError `bad-input` when there is not exactly one series of one patient, a duplicate file,
 *   or a multi-frame image without frame positions; `bad-geometry` when the images are not a stack of at
 *   least two slices of one size
 */
export function sortSeries(images: readonly DicomImage[]): SortedSeries {
  checkOneSeries(images);
  const [first] = images;
  const multiFrame = images.find(image => image.frames > 1 && image.frame === undefined);
  if (multiFrame) {
    throw new FewshotError(
      'bad-input',
      `${nameOf(multiFrame)} is an image of ${multiFrame.frames} frames without their positions.`,
      'Give an enhanced CT or MR image, a series with one file per slice, or convert it to NIfTI.',
    );
  }
  checkOnce(images);
  const unlike = oddOneOut(images, (a, b) => a.rows === b.rows && a.columns === b.columns);
  if (unlike) {
    const [odd, other] = unlike;
    throw new FewshotError(
      'bad-geometry',
      `The images of the series differ in size: ${nameOf(odd)} is ${odd.columns} x ${odd.rows}, ${nameOf(other)} is ${other.columns} x ${other.rows}.`,
      'Give a folder with the images of one stack.',
    );
  }
  const unmeasured = images.find(
    ({ pixelSpacing }) => pixelSpacing.length !== 2 || !pixelSpacing.every(value => value > 0),
  );
  if (unmeasured) {
    throw new FewshotError(
      'bad-geometry',
      `${nameOf(unmeasured)} has no usable Pixel Spacing.`,
      'Give images whose pixel size in the patient is known; Imager Pixel Spacing is that of the detector.',
    );
  }
  const scaled = oddOneOut(images, (a, b) => isSamePixelSpacing(a.pixelSpacing, b.pixelSpacing));
  if (scaled) {
    const [odd, other] = scaled;
    const size = ({ pixelSpacing }: DicomImage) => `${pixelSpacing.join(' x ')} mm`;
    throw new FewshotError(
      'bad-geometry',
      `The images of the series differ in Pixel Spacing: ${nameOf(odd)} has ${size(odd)}, ${nameOf(other)} has ${size(other)}.`,
      'Give a folder with the images of one stack.',
    );
  }
  const geometry = seriesGeometry(images, image => nameOf(images[image]));
  if (images.length < 2) {
    throw new FewshotError(
      'bad-geometry',
      `The series holds a single slice (${nameOf(first)}).`,
      'Give a volume of several slices.',
    );
  }
  return { images: geometry.order.map(i => images[i]), geometry };
}

/** Returns the name of an image for messages: its file's name, and the frame. */
export function nameOf({ file, frame }: Pick<DicomImage, 'file' | 'frame'>): string {
  return frame === undefined ? path.basename(file) : `frame ${frame} of ${path.basename(file)}`;
}

/** Finds an image that differs from most others, and one of these; null when all are alike. */
function oddOneOut(
  images: readonly DicomImage[],
  isAlike: (a: DicomImage, b: DicomImage) => boolean,
): [DicomImage, DicomImage] | null {
  const groups: DicomImage[][] = [];
  for (const image of images) {
    const group = groups.find(([member]) => isAlike(image, member));
    if (group) group.push(image);
    else groups.push([image]);
  }
  groups.sort((a, b) => a.length - b.length);
  return groups.length > 1 ? [groups[0][0], groups[groups.length - 1][0]] : null;
}

function checkOneSeries(images: readonly DicomImage[]): void {
  if (images.length === 0) {
    throw new FewshotError(
      'bad-input',
      'The folder holds no DICOM image.',
      'Give the folder that holds the DICOM files of one series directly.',
    );
  }
  const series = new Map<string, DicomImage[]>();
  for (const image of images) {
    series.set(image.series, [...(series.get(image.series) ?? []), image]);
  }
  if (series.size > 1) {
    const all = [...series.values()].sort((a, b) => b.length - a.length);
    const most = all[0].length;
    const each = all.map(members => {
      const { modality, columns, rows } = members[0];
      const files = [...new Set(members.map(({ file }) => path.basename(file)))];
      const isFew = members.length <= FEW && members.length < most;
      return `${members.length} ${modality} images of ${columns} x ${rows}${isFew ? `: ${files.join(', ')}` : ''}`;
    });
    throw new FewshotError(
      'bad-input',
      `The folder holds ${series.size} series (${each.join('; ')}).`,
      'Give a folder with the files of one series.',
    );
  }
  for (const [what, key] of [
    ['patient', 'patient'],
    ['study', 'study'],
  ] as const) {
    const odd = oddOneOut(images, (a, b) => a[key] === b[key]);
    if (!odd) continue;
    throw new FewshotError(
      'bad-input',
      `${nameOf(odd[0])} belongs to a different ${what} than ${nameOf(odd[1])}.`,
      'Remove the file that does not belong to the series.',
    );
  }
}

function checkOnce(images: readonly DicomImage[]): void {
  const seen = new Map<string, DicomImage>();
  for (const image of images) {
    const key = `${image.instance}#${image.frame ?? 1}`;
    const other = image.instance ? seen.get(key) : undefined;
    if (other) {
      throw new FewshotError(
        'bad-input',
        `${nameOf(other)} and ${nameOf(image)} are the same image (SOP Instance UID).`,
        'Remove one of the two.',
      );
    }
    seen.set(key, image);
  }
}
