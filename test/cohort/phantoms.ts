/** Small studies for cohorts: a grey body with a bright disk, which a task learned from another phantom. */
import { encodePart10 } from '../../dicom/src/data/encodePart10';

/** Begins every patient's name and ID: it must be nowhere in what a cohort writes. */
export const SECRET = 'Geheim';

export interface PhantomOptions {
  modality?: string;
  /** Acquires coronal slices 5 mm apart. */
  isCoronal?: boolean;
  slices?: number;
  /** Cuts off the pixels of the last image. */
  isBroken?: boolean;
  description?: string;
  date?: string;
  patientName?: string;
  /** Number of the pixels' variant: equal ones have equal pixels. */
  variant?: number;
  /** Makes every slice differ, so that each is encoded. */
  isVaried?: boolean;
}

export interface PhantomStudy {
  uid: string;
  series: string;
  files: Uint8Array[];
}

const SIZE = 64;
const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';

/**
 * A grey body of 25 mm radius, and in it a bright disk of 9 mm, 5 mm beside the middle. The same on every
 * slice, so that the encoder, which takes seconds, sees few different ones.
 */
export function disk(right: number, back: number) {
  const isInside = Math.hypot(right - 5, back) < 9;
  const isBody = Math.hypot(right, back) < 25;
  const texture = 12 * Math.sin((right + SIZE / 2) * 0.9) * Math.cos(back * 0.7);
  return { isInside, value: Math.round((isInside ? 160 : isBody ? 60 : 0) + texture) };
}

/** @param number makes the UIDs */
export function phantomStudy(number: number, options: PhantomOptions = {}): PhantomStudy {
  const { modality = 'CT', isCoronal = false, slices = 5, variant = 0, isVaried } = options;
  const uid = `2.25.4711${String(number).padStart(5, '0')}`;
  const series = `${uid}.1`;
  const files = Array.from({ length: slices }, (_, slice) => {
    const pixels = new Uint16Array(SIZE * SIZE);
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const shift = variant + (isVaried ? slice / 10 : 0);
        const { value } = disk(x + 0.5 - SIZE / 2, y + 0.5 - SIZE / 2 - shift);
        pixels[y * SIZE + x] = Math.max(0, value + 20);
      }
    }
    const position = isCoronal ? [-32, slice * 5, 100] : [-32, -32, slice * 3];
    const file = new Uint8Array(
      encodePart10({
        _vrMap: { PixelData: 'OW' },
        SpecificCharacterSet: 'ISO_IR 192',
        SOPClassUID: modality === 'MR' ? MR_IMAGE : CT_IMAGE,
        SOPInstanceUID: `${series}.${slice + 1}`,
        StudyInstanceUID: uid,
        SeriesInstanceUID: series,
        FrameOfReferenceUID: `${uid}.9`,
        PatientName: options.patientName ?? `${SECRET}^Patient${number}`,
        PatientID: `${SECRET}${number}`,
        PatientBirthDate: '19700102',
        PatientSex: 'O',
        StudyDate: options.date ?? `202601${String(10 + (number % 20)).padStart(2, '0')}`,
        StudyTime: '101112',
        StudyID: String(number),
        StudyDescription: options.description ?? 'CT ABDOMEN phantom',
        AccessionNumber: '',
        ReferringPhysicianName: '',
        SeriesDescription: 'axial',
        Modality: modality,
        SeriesNumber: '3',
        InstanceNumber: String(slice + 1),
        ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
        ImagePositionPatient: position.map(String),
        ImageOrientationPatient: (isCoronal ? [1, 0, 0, 0, 0, -1] : [1, 0, 0, 0, 1, 0]).map(String),
        PixelSpacing: ['1', '1'],
        SliceThickness: '3',
        SamplesPerPixel: 1,
        PhotometricInterpretation: 'MONOCHROME2',
        Rows: SIZE,
        Columns: SIZE,
        BitsAllocated: 16,
        BitsStored: 16,
        HighBit: 15,
        PixelRepresentation: 0,
        RescaleIntercept: '-20',
        RescaleSlope: '1',
        PixelData:
          options.isBroken && slice === slices - 1
            ? pixels.slice(0, pixels.length / 2).buffer
            : pixels.buffer,
      }),
    );
    return file;
  });
  return { uid, series, files };
}

/** The 12 studies of the tests: 9 that suit, 2 that do not, and 1 that is broken. */
export function twelveStudies(): PhantomStudy[] {
  return Array.from({ length: 12 }, (_, number) =>
    phantomStudy(number, {
      ...(number === 9 && { modality: 'MR' }),
      ...(number === 10 && { isCoronal: true }),
      ...(number === 11 && { isBroken: true }),
    }),
  );
}
