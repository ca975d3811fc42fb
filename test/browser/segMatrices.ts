/** Small synthetic series of any matrix, and masks that look like no mirror image of themselves. */
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { Segment } from '../../dicom/src/seg/createSegmentation';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';

const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';
/** mm between slices. */
const SPACING = 3;

export interface Matrix {
  rows: number;
  columns: number;
  slices: number;
}

/** An axial MR, slices from feet to head: naturalized, with a gradient for pixels. */
export function mrSeries({ rows, columns, slices }: Matrix, root: string): NaturalizedDataset[] {
  return Array.from({ length: slices }, (_, slice) => ({
    _vrMap: { PixelData: 'OW' },
    SOPClassUID: MR_IMAGE_STORAGE,
    SOPInstanceUID: `${root}.3.${slice + 1}`,
    StudyInstanceUID: `${root}.1`,
    SeriesInstanceUID: `${root}.2`,
    FrameOfReferenceUID: `${root}.4`,
    StudyDate: '20260101',
    StudyTime: '120000',
    StudyID: '1',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    PatientName: 'Phantom^Synthetic',
    PatientID: 'SYNTHETIC',
    PatientBirthDate: '',
    PatientSex: '',
    Modality: 'MR',
    Manufacturer: 'Synthetic',
    SeriesNumber: '1',
    SeriesDescription: `${columns} x ${rows}`,
    InstanceNumber: String(slice + 1),
    ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
    ScanningSequence: 'SE',
    SequenceVariant: 'NONE',
    ScanOptions: '',
    MRAcquisitionType: '2D',
    EchoTime: '10',
    EchoTrainLength: '1',
    RepetitionTime: '500',
    PositionReferenceIndicator: '',
    ImagePositionPatient: ['-100', '-100', String(SPACING * slice)],
    ImageOrientationPatient: ['1', '0', '0', '0', '1', '0'],
    PixelSpacing: ['1', '1'],
    SliceThickness: String(SPACING),
    SpacingBetweenSlices: String(SPACING),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    PixelData: Uint16Array.from(
      { length: rows * columns },
      (_, i) => 4 * ((i % columns) + Math.floor(i / columns)) + 20 * slice,
    ).buffer,
  }));
}

export function filesOf(series: readonly NaturalizedDataset[]): Uint8Array[] {
  return series.map(image => new Uint8Array(encodePart10(image)));
}

/** A segment on some slices, larger on each: a disc without its lower right quarter. */
export function segmentOn(
  label: string,
  { rows, columns }: Matrix,
  slices: readonly number[],
  center: readonly [column: number, row: number],
): Segment {
  const maskOf = (radius: number) =>
    Uint8Array.from({ length: rows * columns }, (_, i) => {
      const [x, y] = [(i % columns) - center[0], Math.floor(i / columns) - center[1]];
      return Number(Math.hypot(x, y) < radius && !(x > 0 && y > 0));
    });
  return {
    label,
    color: [221, 84, 84],
    algorithmType: 'SEMIAUTOMATIC',
    masks: new Map(slices.map((slice, i) => [slice, maskOf(9 + 2 * i)])),
  };
}
