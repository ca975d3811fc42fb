/** Small series that lie in the patient in every way that series do. */
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const MR = '1.2.840.10008.5.1.4.1.1.4';
export const ROWS = 12;
export const COLUMNS = 10;
export const SLICES = 6;

type Triple = [number, number, number];

export interface Geometry {
  /** Also the name of its test, and its row in docs/geometry.md. */
  name: string;
  /** In the order of the slices; one multi-frame image where it is enhanced. */
  instances: NaturalizedDataset[];
  /** Why dcmqi, whose volumes are straight and evenly spaced, cannot show it. */
  notForDcmqi?: string;
}

interface Plan {
  modality?: 'CT' | 'MR';
  patientPosition?: string;
  orientation: number[];
  /** Place of the first pixel on each slice. */
  positions: Triple[];
  pixelSpacing?: [number, number];
}

let series = 0;

function planned({
  modality = 'CT',
  patientPosition = 'HFS',
  orientation,
  positions,
  pixelSpacing = [0.75, 0.75],
}: Plan): NaturalizedDataset[] {
  series++;
  return positions.map((position, i) => ({
    SOPClassUID: modality === 'CT' ? CT : MR,
    SOPInstanceUID: `2.25.${series}00${i + 1}`,
    SeriesInstanceUID: `2.25.${series}`,
    StudyInstanceUID: '2.25.1000000',
    FrameOfReferenceUID: '2.25.2000000',
    PatientName: 'Geometry^Test',
    PatientID: 'G1',
    Modality: modality,
    PatientPosition: patientPosition,
    Rows: ROWS,
    Columns: COLUMNS,
    PixelSpacing: pixelSpacing,
    SliceThickness: 2,
    ImageOrientationPatient: orientation,
    ImagePositionPatient: position,
  }));
}

/** Positions that begin somewhere and go on by the same step. */
function stack(start: Triple, step: Triple): Triple[] {
  return Array.from({ length: SLICES }, (_, i) => start.map((v, a) => v + i * step[a]) as Triple);
}

/** As one enhanced multi-frame image. */
function enhanced(instances: NaturalizedDataset[], sopClass: string): NaturalizedDataset[] {
  const [{ PixelSpacing, SliceThickness, ...rest }] = instances;
  delete rest.ImageOrientationPatient;
  delete rest.ImagePositionPatient;
  return [
    {
      ...rest,
      SOPClassUID: sopClass,
      NumberOfFrames: instances.length,
      SharedFunctionalGroupsSequence: [
        { PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }] },
      ],
      PerFrameFunctionalGroupsSequence: instances.map(
        ({ ImagePositionPatient, ImageOrientationPatient }) => ({
          PlanePositionSequence: [{ ImagePositionPatient }],
          PlaneOrientationSequence: [{ ImageOrientationPatient }],
        }),
      ),
    },
  ];
}

const AXIAL = [1, 0, 0, 0, 1, 0];
const start: Triple = [-30.5, -40.25, 100];
const up = stack(start, [0, 0, 2.5]);
const [cos, sin] = [Math.cos(0.26), Math.sin(0.26)];
/** About all three axes; rows, columns and normal are at right angles. */
const OBLIQUE = {
  row: [0.96, 0.28, 0],
  column: [-0.2688, 0.9216, -0.28],
  normal: [-0.0784, 0.2688, 0.96],
};

export const GEOMETRIES: Geometry[] = [
  {
    name: 'axial CT, head first, supine',
    instances: planned({ orientation: AXIAL, positions: up }),
  },
  {
    name: 'axial CT, feet first, supine',
    instances: planned({
      patientPosition: 'FFS',
      orientation: [-1, 0, 0, 0, 1, 0],
      positions: stack([30.5, -40.25, 100], [0, 0, -2.5]),
    }),
  },
  {
    name: 'axial CT, head first, prone',
    instances: planned({
      patientPosition: 'HFP',
      orientation: [-1, 0, 0, 0, -1, 0],
      positions: stack([30.5, 40.25, 100], [0, 0, 2.5]),
    }),
  },
  {
    name: 'axial CT, images in reversed order',
    instances: planned({ orientation: AXIAL, positions: up }).reverse(),
  },
  {
    name: 'axial CT, tilted gantry',
    instances: planned({ orientation: [1, 0, 0, 0, cos, -sin], positions: up }),
    notForDcmqi: 'it refuses slices that are stacked at a slant',
  },
  {
    name: 'oblique MR',
    instances: planned({
      modality: 'MR',
      orientation: [...OBLIQUE.row, ...OBLIQUE.column],
      positions: stack(start, OBLIQUE.normal.map(v => v * 3.3) as Triple),
      pixelSpacing: [0.859375, 0.859375],
    }),
  },
  {
    name: 'sagittal MR',
    instances: planned({
      modality: 'MR',
      orientation: [0, 1, 0, 0, 0, -1],
      positions: stack([-20, -60, 80], [4, 0, 0]),
    }),
  },
  {
    name: 'coronal MR',
    instances: planned({
      modality: 'MR',
      orientation: [1, 0, 0, 0, 0, -1],
      positions: stack([-60, -20, 80], [0, 4, 0]),
    }),
  },
  {
    name: 'pixels that are not square',
    instances: planned({ orientation: AXIAL, positions: up, pixelSpacing: [0.4, 0.9] }),
  },
  {
    name: 'gaps between slices',
    instances: planned({
      orientation: AXIAL,
      positions: [0, 2, 4, 9, 11, 16].map(z => [start[0], start[1], z]),
    }),
    notForDcmqi: 'it moves slices onto an even grid',
  },
  {
    name: 'enhanced multi-frame CT',
    instances: enhanced(
      planned({ orientation: AXIAL, positions: up }),
      '1.2.840.10008.5.1.4.1.1.2.1',
    ),
  },
  {
    name: 'enhanced multi-frame MR, oblique, frames in reversed order',
    instances: enhanced(
      planned({
        modality: 'MR',
        orientation: [...OBLIQUE.row, ...OBLIQUE.column],
        positions: stack(start, OBLIQUE.normal.map(v => v * 3.3) as Triple).reverse(),
      }),
      '1.2.840.10008.5.1.4.1.1.4.1',
    ),
  },
];
