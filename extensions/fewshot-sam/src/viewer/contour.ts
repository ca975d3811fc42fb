/**
 * The border of a mask as closed polygons between voxels, in voxel corners: corner (0, 0) is the
 * outer corner of the first voxel. Filling them by the even-odd rule restores the mask.
 *
 * @param mask row-major, non-zero inside, `columns * rows` values
 * @returns corners of each polygon as x, y, x, y, ..., without those on a straight line
 */
export function maskContours(mask: ArrayLike<number>, columns: number, rows: number): number[][] {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < columns && y < rows && mask[y * columns + x] !== 0;
  const stride = columns + 1;
  // Corner -> next corners. Border lines run clockwise around the inside.
  const following = new Map<number, number[]>();
  const connect = (x0: number, y0: number, x1: number, y1: number) => {
    const start = y0 * stride + x0;
    const ends = following.get(start);
    if (ends) ends.push(y1 * stride + x1);
    else following.set(start, [y1 * stride + x1]);
  };
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      if (!mask[y * columns + x]) continue;
      if (!inside(x, y - 1)) connect(x, y, x + 1, y);
      if (!inside(x + 1, y)) connect(x + 1, y, x + 1, y + 1);
      if (!inside(x, y + 1)) connect(x + 1, y + 1, x, y + 1);
      if (!inside(x - 1, y)) connect(x, y + 1, x, y);
    }
  }
  const polygons: number[][] = [];
  for (const [start, ends] of following) {
    while (ends.length > 0) {
      const corners = [start];
      for (let at = ends.pop()!; at !== start; at = following.get(at)!.pop()!) corners.push(at);
      polygons.push(withoutStraight(corners, stride));
    }
  }
  return polygons;
}

function withoutStraight(corners: number[], stride: number): number[] {
  const points: number[] = [];
  corners.forEach((corner, i) => {
    const before = corners[(i + corners.length - 1) % corners.length];
    const after = corners[(i + 1) % corners.length];
    if (corner - before !== after - corner) {
      points.push(corner % stride, Math.floor(corner / stride));
    }
  });
  return points;
}

/** The polygons as the `d` of an SVG path. */
export function contourPath(polygons: number[][]): string {
  return polygons
    .map(points => {
      let path = '';
      for (let i = 0; i < points.length; i += 2) {
        path += `${i ? 'L' : 'M'}${points[i]} ${points[i + 1]}`;
      }
      return `${path}Z`;
    })
    .join('');
}
