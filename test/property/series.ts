/** Random series and segments. */
import type { Segment } from '../../dicom/src/seg/createSegmentation';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { between, oneOf, type Random } from './cases';

type Triple = [number, number, number];

/** Slices of random size, spacing, orientation and distance; now and then tilted, uneven, or enhanced. */
export function randomSeries(random: Random): NaturalizedDataset[] {
  const rows = between(random, 1, 14);
  const columns = between(random, 1, 14);
  const slices = between(random, 1, 7);
  const spacing = [0.2 + random(), 0.2 + random()].map(value => Number(value.toFixed(5)));
  const [row, column, normal] = randomAxes(random);
  const tilt = random() < 0.2 ? random() - 0.5 : 0;
  let height = 100 * random();
  const positions = Array.from({ length: slices }, () => {
    height += random() < 0.2 ? 1 + 5 * random() : 2.5;
    return [0, 1, 2].map(axis =>
      Number((normal[axis] * height + column[axis] * tilt * height).toFixed(4)),
    );
  });
  const images = positions.map((position, i) => ({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    SOPInstanceUID: `1.2.3.${i + 1}`,
    SeriesInstanceUID: '1.2.30',
    StudyInstanceUID: '1.2.300',
    FrameOfReferenceUID: '1.2.3000',
    Modality: 'MR',
    Rows: rows,
    Columns: columns,
    PixelSpacing: spacing,
    SliceThickness: 2,
    ImageOrientationPatient: [...row, ...column].map(value => Number(value.toFixed(8))),
    ImagePositionPatient: position,
  }));
  return random() < 0.2 ? [enhanced(images)] : images;
}

function randomAxes(random: Random): [Triple, Triple, Triple] {
  const sign = () => (random() < 0.5 ? -1 : 1);
  if (random() < 0.5) {
    const [a, b] = oneOf(random, [
      [0, 1],
      [1, 2],
      [0, 2],
      [1, 0],
    ]);
    const axis = (i: number) => [0, 1, 2].map(j => (j === i ? sign() : 0)) as Triple;
    const [row, column] = [axis(a), axis(b)];
    return [row, column, cross(row, column)];
  }
  const row = unit([random() - 0.5, random() - 0.5, random() + 0.1]);
  const column = unit(cross(row, [1, 0.2 * sign(), 0.1]));
  return [row, column, cross(row, column)];
}

const unit = (v: Triple): Triple => v.map(value => value / Math.hypot(...v)) as Triple;
const cross = (a: Triple, b: Triple): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function enhanced(images: NaturalizedDataset[]): NaturalizedDataset {
  const [{ PixelSpacing, ImageOrientationPatient, ...rest }] = images;
  delete rest.ImagePositionPatient;
  return {
    ...rest,
    NumberOfFrames: images.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing }],
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
      },
    ],
    PerFrameFunctionalGroupsSequence: images.map(({ ImagePositionPatient }) => ({
      PlanePositionSequence: [{ ImagePositionPatient }],
    })),
  };
}

const WORDS = ['Liver', 'Größe', '肝臓', 'a\\b', '', 'x'.repeat(70)];

/**
 * Segments of random masks on random slices.
 *
 * @param apart whether no voxel belongs to two
 */
export function randomSegments(
  random: Random,
  { pixels, slices }: { pixels: number; slices: number },
  apart: boolean,
): Segment[] {
  const taken = new Map<number, Uint8Array>();
  const segments = Array.from({ length: between(random, 1, 5) }, (): Segment => {
    const density = random();
    const masks = new Map<number, Uint8Array>();
    for (let slice = 0; slice < slices; slice++) {
      if (random() < 0.4) continue;
      const used = taken.get(slice) ?? new Uint8Array(pixels);
      taken.set(slice, used);
      const mask = Uint8Array.from(used, other => Number(random() < density && !(apart && other)));
      mask.forEach((inside, i) => {
        if (inside) used[i] = 1;
      });
      masks.set(slice, mask);
    }
    return {
      label: oneOf(random, WORDS),
      color: [0, 1, 2].map(() => between(random, 0, 255)) as [number, number, number],
      algorithmType: oneOf(random, ['AUTOMATIC', 'SEMIAUTOMATIC', 'MANUAL']),
      masks,
    };
  });
  return segments;
}
