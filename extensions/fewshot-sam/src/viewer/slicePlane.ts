import type { Series } from './series';

export type Point2 = [number, number];
export type Point3 = [number, number, number];
/** a, b, c, d, e, f of an SVG `matrix()`: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix2 = [number, number, number, number, number, number];

/** Plane of a slice in the patient. */
export interface SlicePlane {
  /** Unit vector. */
  normal: Point3;
  /**
   * Maps voxel corners of the slice, (0, 0) to (columns, rows), to canvas pixels.
   *
   * @param worldToCanvas of a viewport; affine
   */
  cornerToCanvas(worldToCanvas: (world: Point3) => Point2): Matrix2;
}

/**
 * The plane of a slice from its Image Position and Orientation (DICOM PS3.3 C.7.6.2.1.1). The position is
 * the center of the first voxel.
 *
 * @returns null if the image has none
 */
export function slicePlane(
  series: Pick<Series, 'instances' | 'rowSpacing' | 'columnSpacing'>,
  sliceIndex: number,
): SlicePlane | null {
  const { ImagePositionPatient, ImageOrientationPatient } = series.instances[sliceIndex];
  const position = Array.from(ImagePositionPatient as ArrayLike<number>, Number);
  const orientation = Array.from(ImageOrientationPatient as ArrayLike<number>, Number);
  if (position.length !== 3 || orientation.length !== 6) return null;
  const [rx, ry, rz, cx, cy, cz] = orientation;
  const corner = (x: number, y: number): Point3 => {
    const along = (x - 0.5) * series.columnSpacing;
    const down = (y - 0.5) * series.rowSpacing;
    return [
      position[0] + along * rx + down * cx,
      position[1] + along * ry + down * cy,
      position[2] + along * rz + down * cz,
    ];
  };
  return {
    normal: [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx],
    cornerToCanvas(worldToCanvas) {
      const [e, f] = worldToCanvas(corner(0, 0));
      const right = worldToCanvas(corner(1, 0));
      const below = worldToCanvas(corner(0, 1));
      return [right[0] - e, right[1] - f, below[0] - e, below[1] - f, e, f];
    },
  };
}
