/** Small series and masks for tests. */
import type { Segment } from './createSegmentation';
import { dcmjsData } from '../data/dcmjsData';
import { encodePart10 } from '../data/encodePart10';
import type { NaturalizedDataset } from '../data/naturalized';

export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';

/** Makes an axial 5 x 3 image at a height in mm. */
export const image = (z: number, change: NaturalizedDataset = {}): NaturalizedDataset => ({
  SOPClassUID: CT_IMAGE_STORAGE,
  SOPInstanceUID: `1.2.3.${z}`,
  SeriesInstanceUID: '1.2.30',
  StudyInstanceUID: '1.2.300',
  FrameOfReferenceUID: '1.2.3000',
  PatientName: 'Demo^Brain',
  PatientID: 'P1',
  PatientSex: 'F',
  StudyDate: '20010316',
  Modality: 'CT',
  Rows: 3,
  Columns: 5,
  PixelSpacing: [0.5, 0.7],
  SliceThickness: 3,
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [-10, -20, z],
  ...change,
});

/** Makes a mask from rows of `#` inside and `.` outside. */
export const mask = (...rows: string[]) =>
  Uint8Array.from(rows.join(''), character => (character === '#' ? 1 : 0));

/** Returns the masks of a segment as text, slice by slice. */
export function drawn(masks: ReadonlyMap<number, Uint8Array>, columns = 5) {
  const ascending = [...masks].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    ascending.map(([slice, values]) => [
      slice,
      Array.from({ length: values.length / columns }, (_, row) =>
        Array.from(values.subarray(row * columns, (row + 1) * columns), v => (v ? '#' : '.')).join(
          '',
        ),
      ),
    ]),
  );
}

export const segment = (
  label: string,
  masks: Record<number, Uint8Array>,
  change: Partial<Segment> = {},
): Segment => ({
  label,
  color: [221, 84, 84],
  algorithmType: 'SEMIAUTOMATIC',
  masks: new Map(Object.entries(masks).map(([slice, values]) => [Number(slice), values])),
  ...change,
});

/** Makes an enhanced multi-frame image with the planes of `image`, at heights in mm. */
export const enhanced = (
  heights: number[],
  change: NaturalizedDataset = {},
): NaturalizedDataset => {
  const { PixelSpacing, SliceThickness, ImageOrientationPatient, ...rest } = image(0);
  delete rest.ImagePositionPatient;
  return {
    ...rest,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2.1',
    NumberOfFrames: heights.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
      },
    ],
    PerFrameFunctionalGroupsSequence: heights.map(z => ({
      PlanePositionSequence: [{ ImagePositionPatient: [-10, -20, z] }],
    })),
    ...change,
  };
};

/** Writes a Part 10 file and reads it back. */
export function readBack(dataset: NaturalizedDataset): NaturalizedDataset {
  const file = dcmjsData.DicomMessage.readFile(encodePart10(dataset));
  return dcmjsData.DicomMetaDictionary.naturalizeDataset(file.dict);
}
