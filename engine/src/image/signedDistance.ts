import { squaredDistances } from './distanceTransform';
import type { Mask, Slice } from './slice';
import { mapInto } from '../numeric/mapInto';

/**
 * Computes the signed distance from the outline of a mask: positive inside. The outline runs halfway
 * between a pixel inside and its neighbor outside, so that pixels on either side of it get the same
 * distance.
 *
 * @param mask row-major, at least one pixel inside and one outside
 * @param grid of the slice
 * @returns mm, row-major; `Infinity` everywhere when every pixel is inside, `-Infinity` when none is
 */
export function signedDistance(
  mask: Mask,
  grid: Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
): Float32Array {
  const size = [grid.columns, grid.rows, 1] as [number, number, number];
  const spacing = [grid.columnSpacing, grid.rowSpacing, 1] as [number, number, number];
  const half = Math.min(grid.rowSpacing, grid.columnSpacing) / 2;
  const toInside = squaredDistances(mask, size, spacing);
  const toOutside = squaredDistances(
    mask.map(value => 1 - value),
    size,
    spacing,
  );
  return mapInto(mask, new Float32Array(mask.length), (inside, i) =>
    inside ? Math.sqrt(toOutside[i]) - half : half - Math.sqrt(toInside[i]),
  );
}
