import type dicomParser from 'dicom-parser';
import { type DicomJson, jsonItemsOf, jsonTextOf } from 'fewshot-sam-dicom';

/** What is known of a series before its pixels are read. */
export interface SeriesFacts {
  uid: string;
  modality: string;
  number: number;
  /** SOP Instance UIDs, sorted. */
  instances: string[];
  /** One per slice: an image, or a frame of an enhanced one. */
  slices: SliceFacts[];
  /** Values of attributes that a filter may name, as DICOM JSON; for `mismatch` alone. */
  dataset: DicomJson;
}

export interface SliceFacts {
  rows: number;
  columns: number;
  position: number[];
  orientation: number[];
  pixelSpacing: number[];
  imageType: string[];
}

const TAG = {
  imageType: '00080008',
  sopInstance: '00080018',
  modality: '00080060',
  seriesInstance: '0020000E',
  seriesNumber: '00200011',
  frames: '00280008',
  rows: '00280010',
  columns: '00280011',
  position: '00200032',
  orientation: '00200037',
  pixelSpacing: '00280030',
  shared: '52009229',
  perFrame: '52009230',
  planePosition: '00209113',
  planeOrientation: '00209116',
  pixelMeasures: '00289110',
};

/** Tags of `SeriesFacts.dataset`. */
const FILTERED = ['00080060', '0008103E', '00200011', '0020000E', '00180015', '00181030'];

/**
 * Gathers the facts of a series from the metadata of its images.
 *
 * @param metadata DICOM JSON of each image, without pixels
 */
export function seriesFacts(metadata: readonly DicomJson[]): SeriesFacts {
  const [first = {}] = metadata;
  return {
    uid: jsonTextOf(first, TAG.seriesInstance),
    modality: jsonTextOf(first, TAG.modality),
    number: Number(jsonTextOf(first, TAG.seriesNumber)) || 0,
    instances: metadata.map(image => jsonTextOf(image, TAG.sopInstance)).sort(),
    slices: metadata.flatMap(slicesOf),
    dataset: Object.fromEntries(FILTERED.map(tag => [tag, first[tag]])),
  };
}

function slicesOf(image: DicomJson): SliceFacts[] {
  const own = sliceOf([image]);
  const frames = Number(jsonTextOf(image, TAG.frames)) || 1;
  const groups = jsonItemsOf(image, TAG.perFrame);
  if (own.position.length > 0 || groups.length === 0) return Array(frames).fill(own);
  const [shared = {}] = jsonItemsOf(image, TAG.shared);
  return groups.map(frame => {
    const items = [TAG.planePosition, TAG.planeOrientation, TAG.pixelMeasures].flatMap(tag =>
      [...jsonItemsOf(frame, tag), ...jsonItemsOf(shared, tag)].slice(0, 1),
    );
    return sliceOf([image, ...items]);
  });
}

function sliceOf(datasets: readonly DicomJson[]): SliceFacts {
  const values = (tag: string): unknown[] => {
    const holder = [...datasets].reverse().find(dataset => Array.isArray(dataset[tag]?.Value));
    return (holder?.[tag]?.Value as unknown[] | undefined) ?? [];
  };
  const [rows, columns] = [TAG.rows, TAG.columns].map(tag => Number(values(tag)[0] ?? 0));
  const [position, orientation, pixelSpacing] = [
    TAG.position,
    TAG.orientation,
    TAG.pixelSpacing,
  ].map(tag => values(tag).map(Number));
  const imageType = values(TAG.imageType).map(String);
  return { rows, columns, position, orientation, pixelSpacing, imageType };
}

/** Attributes of a file that `seriesFacts` reads, as DICOM JSON. */
export function metadataOf(dataSet: dicomParser.DataSet): DicomJson {
  const tags = [...Object.values(TAG), ...FILTERED, '0020000D', '00080020', '00080016'];
  const metadata: DicomJson = {};
  for (const tag of tags) {
    const element = dataSet.elements[`x${tag.toLowerCase()}`];
    if (!element) continue;
    if (element.items) {
      metadata[tag] = {
        Value: element.items.flatMap(item => (item.dataSet ? [metadataOf(item.dataSet)] : [])),
      };
    } else if (tag === TAG.rows || tag === TAG.columns) {
      metadata[tag] = { Value: [dataSet.uint16(element.tag)] };
    } else {
      const text = dataSet.string(element.tag) ?? '';
      metadata[tag] = { Value: text.split('\\').map(part => part.trim()) };
    }
  }
  return metadata;
}
