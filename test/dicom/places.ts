import type { Segment } from '../../dicom/src/seg/createSegmentation';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import type { Places } from './tools';

/** Where segments are by the images' own attributes (PS3.3, C.7.6.2.1.1). */
export function placesOn(
  sources: NaturalizedDataset[],
  segments: Pick<Segment, 'label' | 'masks'>[],
) {
  const places: Places = {};
  for (const { label, masks } of segments) {
    places[label] = [];
    for (const [slice, mask] of masks) {
      const source = sources[slice];
      const [position, orientation, [down, along]] = planeOf(source);
      const columns = Number(source.Columns);
      mask.forEach((inside, i) => {
        if (!inside) return;
        const [row, column] = [Math.floor(i / columns), i % columns];
        places[label].push(
          position.map(
            (start, axis) =>
              start + orientation[axis] * along * column + orientation[axis + 3] * down * row,
          ),
        );
      });
    }
  }
  return places;
}

/** How far a place may be off: along the normal, and within the plane. */
export interface Tolerance {
  mm: number;
  pixels: number;
}

const TOLERANCE: Tolerance = { mm: 0.05, pixels: 0.01 };

/**
 * Expects the same places, in whatever order. They are compared as voxels of the images, found from
 * their places.
 *
 * @param sources the images, one per slice
 */
export function expectSame(
  found: Places,
  expected: Places,
  sources: NaturalizedDataset[],
  tolerance = TOLERANCE,
): void {
  const voxels = (places: Places) =>
    Object.fromEntries(
      Object.entries(places)
        .filter(([, list]) => list.length > 0)
        .map(([label, list]) => [
          label,
          list.map(place => voxelAt(place, sources, tolerance)).sort(),
        ]),
    );
  expect(voxels(found)).toEqual(voxels(expected));
}

/** `slice/row/column` of a place on the images. */
function voxelAt(place: number[], sources: NaturalizedDataset[], tolerance: Tolerance): string {
  for (const [slice, source] of sources.entries()) {
    const [position, orientation, [down, along]] = planeOf(source);
    const offset = place.map((value, axis) => value - position[axis]);
    const [column, row] = [
      dot(offset, orientation.slice(0, 3)) / along,
      dot(offset, orientation.slice(3)) / down,
    ];
    const onPlane = position.map(
      (start, axis) =>
        start + orientation[axis] * along * column + orientation[axis + 3] * down * row,
    );
    if (Math.hypot(...onPlane.map((value, axis) => value - place[axis])) > tolerance.mm) continue;
    const index = [row, column].map(Math.round);
    if ([row, column].some((value, i) => Math.abs(value - index[i]) > tolerance.pixels)) continue;
    return [slice, ...index].join('/');
  }
  return `nowhere: ${place.join(', ')}`;
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);

function planeOf(source: NaturalizedDataset): number[][] {
  return ['ImagePositionPatient', 'ImageOrientationPatient', 'PixelSpacing'].map(keyword =>
    (source[keyword] as unknown[]).map(Number),
  );
}
