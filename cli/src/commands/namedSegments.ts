import { readFile } from 'node:fs/promises';
import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
import { readStructureSet } from 'fewshot-sam-dicom/rtstruct';
import { parseDicomFile, readSegmentation } from 'fewshot-sam-dicom/seg';
import { FewshotError, type OnNote, type VolumeGeometry } from 'fewshot-sam';
import { isNrrdFile, readNrrd } from '../nrrd/readNrrdNode';
import { layerVolume, segmentFields } from '../nrrd/segmentFields';
import { matchLabels } from '../volume/matchLabels';
import { checkHasSeries, readSourceSeries } from './sourceSeries';

/** A segment with its name, drawn on demand. */
export interface NamedSegment extends ReadSegmentDescription {
  /** Returns its masks on the slices of the image, by slice, and sentences for the user. */
  fill(): { masks: Map<number, Uint8Array>; remarks: string[] };
}

export interface NamedSegments {
  segments: NamedSegment[];
  /** Sentences for the user about the file. */
  remarks: string[];
  /** Whether segments that are not wanted are to be left alone. */
  isLazy?: boolean;
}

/** RT Structure Set Storage. */
const STRUCTURE_SET = '1.2.840.10008.5.1.4.1.1.481.3';

/**
 * Reads a DICOM SEG or RTSTRUCT of a series.
 *
 * @param name name of the file for the user, e.g. `--labels drawn.dcm`; begins messages
 * @param image folder of the series
 */
export async function readDicomSegments(
  file: string,
  image: string,
  name: string,
): Promise<NamedSegments> {
  await checkHasSeries(name, image);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      `${name} cannot be read (${error.code}).`,
      'Give the path of a NIfTI file or of a DICOM SEG.',
      { cause: error },
    );
  });
  const { dataset } = await parseDicomFile(bytes, 'The segmentation');
  const sources = await readSourceSeries(image);
  if (dataset.SOPClassUID === STRUCTURE_SET) {
    const { rois } = await readStructureSet(bytes, sources);
    return { segments: rois, remarks: [], isLazy: true };
  }
  const { segments, remarks } = await readSegmentation(bytes, sources);
  return {
    segments: segments.map(segment => ({
      ...segment,
      fill: () => ({ masks: segment.masks, remarks: [] }),
    })),
    remarks,
  };
}

/**
 * Reads a segmentation of 3D Slicer (.seg.nrrd, or any NRRD file with its fields) on any grid.
 *
 * @returns null when the file is no NRRD file, or holds a plain label map
 */
export async function readNamedSegments(
  file: string,
  image: VolumeGeometry,
  option: string,
  onNote: OnNote = () => undefined,
): Promise<NamedSegments | null> {
  if (!isNrrdFile(file)) return null;
  const nrrd = await readNrrd(file, option, () => undefined, 'labels');
  const fields = segmentFields(nrrd.fields, `${option} ${file}`);
  if (fields.length === 0) return null;
  for (const note of nrrd.notes) onNote(note);
  const layers = new Map<number, Float32Array>();
  /** Returns the values of a layer on the grid of the image. */
  const onImage = (layer: number): Float32Array => {
    const known = layers.get(layer) ?? matchLabels(layerVolume(nrrd, layer), image).data;
    layers.set(layer, known);
    return known;
  };
  const pixels = image.size[0] * image.size[1];
  return {
    remarks: [],
    isLazy: true,
    segments: fields.map(({ layer, value, ...segment }) => ({
      ...segment,
      fill: () => {
        const data = onImage(layer);
        const masks = new Map<number, Uint8Array>();
        for (let slice = 0; slice < image.size[2]; slice++) {
          const values = data.subarray(slice * pixels, (slice + 1) * pixels);
          if (values.includes(value)) {
            masks.set(
              slice,
              Uint8Array.from(values, each => (each === value ? 1 : 0)),
            );
          }
        }
        return { masks, remarks: [] };
      },
    })),
  };
}
