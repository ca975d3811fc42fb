/** A line along the border between two voxels, in voxel corners: column and row of both ends. */
export interface BorderLine {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/**
 * The border of a mask as axis-parallel lines between voxels, each as long as possible. The edge of the
 * grid closes the mask.
 *
 * @param mask row-major, non-zero inside, `width * height` values
 */
export function maskOutline(mask: ArrayLike<number>, width: number, height: number): BorderLine[] {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] !== 0;
  const lines: BorderLine[] = [];
  for (let y = 0; y <= height; y++) {
    let start = -1;
    for (let x = 0; x <= width; x++) {
      const border = x < width && inside(x, y - 1) !== inside(x, y);
      if (border && start < 0) start = x;
      if (!border && start >= 0) {
        lines.push({ x0: start, y0: y, x1: x, y1: y });
        start = -1;
      }
    }
  }
  for (let x = 0; x <= width; x++) {
    let start = -1;
    for (let y = 0; y <= height; y++) {
      const border = y < height && inside(x - 1, y) !== inside(x, y);
      if (border && start < 0) start = y;
      if (!border && start >= 0) {
        lines.push({ x0: x, y0: start, x1: x, y1: y });
        start = -1;
      }
    }
  }
  return lines;
}
