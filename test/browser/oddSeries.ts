/** Small series whose values or places are odd in every way that series are: one study, made by code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
// Silences dcmjs, which warns about each deviation of each file.
import '../../scripts/server/dicomweb/dicomFile';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';
const PET = '1.2.840.10008.5.1.4.1.1.128';
const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

export const ROWS = 20;
export const COLUMNS = 24;
const SLICES = 6;
const PIXELS = ROWS * COLUMNS;

export interface OddSeries {
  /** Series Description; also the folder of its files. */
  name: string;
  /** What the viewer says of a series that cannot be read right. */
  refused?: string;
  /** A word in the panel about a series that can. */
  note?: string;
}

interface Plan extends OddSeries {
  /** Of each slice. */
  change?: (slice: number) => NaturalizedDataset;
  /** Stored value of a pixel. */
  stored?: (slice: number, pixel: number) => number;
  sopClass?: string;
  position?: (slice: number) => number[];
  enhanced?: boolean;
}

/** 0 to 3999, and no two slices alike. */
const ramp = (slice: number, pixel: number) => (slice * 37 + pixel * 29) % 4000;
const rescaled = (slope: number, intercept: number) => ({
  RescaleSlope: String(slope),
  RescaleIntercept: String(intercept),
});
const along = (height: (slice: number) => number) => (slice: number) => [-20, -30, height(slice)];
const odd = (change: NaturalizedDataset) => (slice: number) => (slice === 3 ? change : {});
const tilted = (degrees: number) => {
  const [cos, sin] = [Math.cos, Math.sin].map(f => f((degrees * Math.PI) / 180));
  return {
    change: () => ({ ImageOrientationPatient: [1, 0, 0, 0, cos, sin] }),
    position: along(slice => Number(((3 * slice) / cos).toFixed(6))),
  };
};
const pet = {
  Units: 'BQML',
  CorrectedImage: ['ATTN', 'DECY'],
  DecayCorrection: 'START',
  SeriesDate: '20260101',
  SeriesTime: '120000',
  AcquisitionDate: '20260101',
  AcquisitionTime: '120500',
  PatientWeight: 70,
  RadiopharmaceuticalInformationSequence: [
    {
      RadiopharmaceuticalStartTime: '110000',
      RadiopharmaceuticalStartDateTime: '20260101110000',
      RadionuclideTotalDose: 3e8,
      RadionuclideHalfLife: 6586.2,
    },
  ],
};
const signed12 = { BitsStored: 12, HighBit: 11, PixelRepresentation: 1 };

const PLANS: Plan[] = [
  { name: 'plain CT' },
  {
    name: 'intercept differs',
    change: slice => rescaled(1, slice % 2 ? -2048 : -1024),
  },
  {
    name: 'PET in SUV',
    sopClass: PET,
    change: slice => ({ ...pet, ...rescaled(1.2345 + 0.317 * slice, 0) }),
  },
  {
    name: 'PET without weight',
    sopClass: PET,
    change: slice => ({ ...pet, PatientWeight: undefined, ...rescaled(1.2345 + 0.317 * slice, 0) }),
  },
  { name: 'MR with a long slope', sopClass: MR, change: () => rescaled(0.37362637362637, 0) },
  {
    name: 'slope of a half',
    stored: (slice, pixel) => ramp(slice, pixel) & ~(pixel === 0 ? 1 : 0),
    change: () => rescaled(0.5, -500),
  },
  { name: 'negative slope', change: () => rescaled(-1, 150) },
  { name: 'slope of minus a half', change: () => rescaled(-0.5, 0) },
  {
    name: 'signed beside unsigned',
    stored: (slice, pixel) => ramp(slice, pixel) - (slice % 2 ? 2000 : 0),
    change: slice => (slice % 2 ? { PixelRepresentation: 1, ...rescaled(1, 976) } : {}),
  },
  {
    name: 'integer beside float',
    change: slice => (slice % 2 ? rescaled(0.1234567890123, -3.5) : {}),
  },
  {
    name: 'overlay bits, unsigned',
    stored: (slice, pixel) =>
      ramp(slice, pixel) | (pixel % 7 ? 0 : 0x8000) | (pixel % 5 ? 0 : 0x1000),
    change: () => ({ BitsStored: 12, HighBit: 11 }),
  },
  {
    name: 'overlay bits, signed',
    stored: (slice, pixel) => ((ramp(slice, pixel) - 2000) & 0xfff) | (pixel % 7 ? 0 : 0x8000),
    change: () => ({ ...signed12, ...rescaled(1, 24) }),
  },
  {
    name: 'overlay bits, slope',
    stored: (slice, pixel) => ((ramp(slice, pixel) - 2000) & 0xfff) | (pixel % 7 ? 0 : 0x8000),
    change: () => ({ ...signed12, ...rescaled(0.25, 24) }),
  },
  {
    name: 'high bit',
    stored: (slice, pixel) => (ramp(slice, pixel) << 4) | (pixel % 7 ? 0 : 5),
    change: () => ({ BitsStored: 12, HighBit: 15 }),
  },
  { name: 'MONOCHROME1', change: () => ({ PhotometricInterpretation: 'MONOCHROME1' }) },
  {
    name: 'padding',
    stored: (slice, pixel) => (pixel % COLUMNS < 5 ? 63536 : ramp(slice, pixel)),
    change: () => ({ PixelPaddingValue: 63536 }),
  },
  {
    name: 'padding, signed',
    stored: (slice, pixel) => (pixel % COLUMNS < 5 ? -2000 : ramp(slice, pixel) - 1000),
    change: () => ({ PixelRepresentation: 1, PixelPaddingValue: -2000 }),
  },
  { name: 'no rescale', sopClass: MR },
  { name: '8 bits', ...bits(8) },
  { name: '8 bits, signed', ...bits(8, { PixelRepresentation: 1, ...rescaled(1, 0) }) },
  { name: '8 bits, slope', ...bits(8, rescaled(2.5, -3)) },
  {
    name: '32 bits',
    ...bits(32, rescaled(1, 0)),
    stored: (slice, pixel) => ramp(slice, pixel) * 1e6,
  },
  {
    name: '32 bits, signed',
    ...bits(32, { PixelRepresentation: 1, ...rescaled(0.001, 0) }),
    stored: (slice, pixel) => ramp(slice, pixel) * 1000 - 2e6,
  },
  {
    name: 'enhanced, rescale differs',
    enhanced: true,
    change: slice => rescaled(1 + slice / 3, -slice),
  },
  { name: 'enhanced, tilted', enhanced: true, ...tilted(12), note: 'tilted by 12.0°' },
  { name: 'tilted gantry', ...tilted(15), note: 'tilted by 15.0°' },
  {
    name: 'two spacings',
    position: along(slice => (slice < 3 ? 2.5 * slice : 7.5 + 3 * (slice - 3))),
    note: 'unevenly spaced (2.5 to 3 mm)',
  },
  {
    name: 'slices missing',
    position: along(slice => 3 * (slice < 3 ? slice : slice + 2)),
    note: 'About 2 slices look missing between slices 3 and 4',
  },
  { name: 'micro-CT', position: along(slice => Number((0.008 * slice).toFixed(3))) },
  { name: 'negative spacing', change: () => ({ SpacingBetweenSlices: -3 }) },
  {
    name: 'modality LUT',
    refused: 'by a table (Modality LUT Sequence)',
    change: () => ({
      RescaleSlope: undefined,
      RescaleIntercept: undefined,
      ModalityLUTSequence: [
        {
          _vrMap: { LUTDescriptor: 'US', LUTData: 'OW' },
          LUTDescriptor: [4096, 0, 16],
          ModalityLUTType: 'OD',
          LUTData: Uint16Array.from({ length: 4096 }, (_, i) => i ** 1.2).buffer,
        },
      ],
    }),
  },
  {
    name: 'float pixels',
    refused: 'floating-point values (Float Pixel Data)',
    change: slice => ({
      PixelData: undefined,
      BitsAllocated: 32,
      BitsStored: undefined,
      HighBit: undefined,
      PixelRepresentation: undefined,
      FloatPixelData: Float32Array.from({ length: PIXELS }, (_, i) => ramp(slice, i) / 4000).buffer,
    }),
  },
  {
    name: 'duplicate',
    refused: 'lie at one position: Image 4 and Image 5',
    position: along(slice => 3 * (slice < 4 ? slice : slice - 1)),
  },
  {
    name: 'spacing differs',
    refused:
      'Image 4 differs from the others of this series in Pixel Spacing (0.9 x 0.9 mm, the others 0.8 x 0.7 mm)',
    change: odd({ PixelSpacing: [0.9, 0.9] }),
  },
  {
    name: 'spacing missing',
    refused: 'Image 4 has no usable Pixel Spacing',
    change: odd({ PixelSpacing: undefined }),
  },
  {
    name: 'one of other size',
    refused: 'Image 4 differs from the others of this series in size (24 x 10, the others 24 x 20)',
    change: odd({ Rows: 10, PixelData: new Uint16Array(10 * COLUMNS).buffer }),
  },
  {
    name: 'one of other orientation',
    refused: 'Image 4 differs from the others of this series in orientation',
    change: odd({ ImageOrientationPatient: [0, 1, 0, 0, 0, -1] }),
  },
];

function bits(count: 8 | 32, change: NaturalizedDataset = {}): Pick<Plan, 'change' | 'stored'> {
  return {
    change: () => ({ BitsAllocated: count, BitsStored: count, HighBit: count - 1, ...change }),
    stored: (slice, pixel) => ramp(slice, pixel) % 256,
  };
}

const ARRAYS = {
  8: [Uint8Array, Uint8Array],
  16: [Uint16Array, Int16Array],
  32: [Uint32Array, Int32Array],
} as const;

function imageOf(
  { change, stored = ramp, sopClass = CT, position, name }: Plan,
  series: number,
  slice: number,
): NaturalizedDataset {
  const dataset: NaturalizedDataset = {
    SOPClassUID: sopClass,
    SOPInstanceUID: `2.25.77${series}00${slice + 1}`,
    StudyInstanceUID: '2.25.7700',
    SeriesInstanceUID: `2.25.77${series}`,
    FrameOfReferenceUID: `2.25.7701`,
    StudyDate: '20260101',
    StudyTime: '120000',
    Modality: sopClass === PET ? 'PT' : sopClass === MR ? 'MR' : 'CT',
    PatientName: 'Odd^Series',
    PatientID: 'ODD',
    SeriesDescription: name,
    SeriesNumber: String(series),
    InstanceNumber: String(slice + 1),
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    ImagePositionPatient: position?.(slice) ?? [-20, -30, 3 * slice],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.8, 0.7],
    SliceThickness: 3,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: ROWS,
    Columns: COLUMNS,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    ...(sopClass === MR ? {} : rescaled(1, -1024)),
  };
  const changes = change?.(slice) ?? {};
  Object.assign(dataset, changes);
  const [unsigned, signed] = ARRAYS[(dataset.BitsAllocated ?? 16) as 8 | 16 | 32];
  const Values = dataset.PixelRepresentation === 1 ? signed : unsigned;
  if (!('PixelData' in changes)) {
    dataset.PixelData = Values.from(
      Array.from({ length: PIXELS }, (_, pixel) => stored(slice, pixel)),
    ).buffer;
  }
  const isSigned = dataset.PixelRepresentation === 1;
  dataset._vrMap = { PixelData: 'OW', PixelPaddingValue: isSigned ? 'SS' : 'US' };
  for (const [keyword, value] of Object.entries(dataset)) {
    if (value === undefined) delete dataset[keyword];
  }
  return dataset;
}

/** As one enhanced multi-frame image, each frame with its own place and rescale. */
function enhancedOf(images: NaturalizedDataset[]): NaturalizedDataset {
  const [first] = images;
  const { PixelSpacing, SliceThickness, ...rest } = first;
  const frames = images.map(image => new Uint8Array(image.PixelData as ArrayBuffer));
  const pixels = new Uint8Array(frames.length * frames[0].length);
  frames.forEach((frame, i) => pixels.set(frame, i * frame.length));
  for (const keyword of [
    'ImagePositionPatient',
    'ImageOrientationPatient',
    'RescaleSlope',
    'RescaleIntercept',
  ]) {
    delete rest[keyword];
  }
  return {
    ...rest,
    SOPClassUID: ENHANCED_CT,
    NumberOfFrames: String(images.length),
    SharedFunctionalGroupsSequence: [{ PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }] }],
    PerFrameFunctionalGroupsSequence: images.map(image => ({
      PlanePositionSequence: [{ ImagePositionPatient: image.ImagePositionPatient }],
      PlaneOrientationSequence: [{ ImageOrientationPatient: image.ImageOrientationPatient }],
      PixelValueTransformationSequence: [
        {
          RescaleSlope: image.RescaleSlope,
          RescaleIntercept: image.RescaleIntercept,
          RescaleType: 'HU',
        },
      ],
    })),
    PixelData: pixels.buffer,
  };
}

/** Writes each series into a folder of its own, and all of them into `together`. */
export function writeOddSeries(folder: string, together: string): OddSeries[] {
  mkdirSync(together, { recursive: true });
  return PLANS.map((plan, i) => {
    const own = path.join(folder, plan.name);
    mkdirSync(own, { recursive: true });
    const images = Array.from({ length: SLICES }, (_, slice) => imageOf(plan, 100 + i, slice));
    const files = plan.enhanced ? [enhancedOf(images)] : images;
    for (const dataset of files) {
      const bytes = new Uint8Array(encodePart10(dataset));
      for (const place of [own, together]) {
        writeFileSync(path.join(place, `${String(dataset.SOPInstanceUID)}.dcm`), bytes);
      }
    }
    return { name: plan.name, refused: plan.refused, note: plan.note };
  });
}
