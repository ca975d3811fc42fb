import { readFile, stat } from 'node:fs/promises';
import { expandFrames, type NaturalizedDataset } from 'fewshot-sam-dicom';
import { parseDicomFile } from 'fewshot-sam-dicom/seg';
import { FewshotError } from 'fewshot-sam';
import { seriesImages } from 'fewshot-sam-dicom/node';

/** Whether a name is that of a DICOM file: a SEG or an RTSTRUCT. */
export function isDicomFile(location: string): boolean {
  return /\.dcm$/i.test(location);
}

/**
 * Checks, before anything is read, that a DICOM SEG or RTSTRUCT comes with DICOM images.
 *
 * @param file the option and the file, e.g. `--out result.dcm`
 * @throws FewshotError `bad-input` when the image is not a folder
 */
export async function checkHasSeries(file: string, image: string): Promise<void> {
  const found = await stat(image).catch(() => null);
  // Reading the image reports a missing one.
  if (!found || found.isDirectory()) return;
  throw new FewshotError(
    'bad-input',
    `${file} is a DICOM SEG or RTSTRUCT, which belongs to the images of a DICOM series, but --image ${image} is not one.`,
    'Give --image as the folder of the series, or use NIfTI (.nii.gz) for both.',
  );
}

/**
 * Reads the metadata of a series' images, or of their frames, one per slice of its volume, in the same
 * order.
 *
 * @throws FewshotError as `readVolume`, or `bad-input` when a file is damaged
 */
export async function readSourceSeries(folder: string): Promise<NaturalizedDataset[]> {
  const instances: NaturalizedDataset[] = [];
  const expanded = new Map<string, NaturalizedDataset[]>();
  for (const { file, frame = 1 } of await seriesImages(folder, `--image ${folder}`)) {
    let frames = expanded.get(file);
    if (!frames) {
      const { dataset } = await parseDicomFile(await readFile(file), 'An image of the series');
      expanded.set(file, (frames = expandFrames([dataset])));
    }
    instances.push(frames[frame - 1]);
  }
  return instances;
}
