import { contourPath, maskContours } from './contour';

const grid = (text: string) => {
  const rows = text.trim().split(/\s*\n\s*/);
  return { mask: rows.join('').split('').map(Number), columns: rows[0].length, rows: rows.length };
};
const contoursOf = (text: string) => {
  const { mask, columns, rows } = grid(text);
  return maskContours(mask, columns, rows);
};

/** Even-odd: how often a ray to the right of the voxel's center crosses the border. */
function filled(polygons: number[][], columns: number, rows: number): number[] {
  return Array.from({ length: columns * rows }, (_, i) => {
    const x = (i % columns) + 0.5;
    const y = Math.floor(i / columns) + 0.5;
    let crossings = 0;
    for (const points of polygons) {
      for (let p = 0; p < points.length; p += 2) {
        const [x0, y0] = [points[p], points[p + 1]];
        const [x1, y1] = [points[(p + 2) % points.length], points[(p + 3) % points.length]];
        if (x0 === x1 && x0 > x && Math.min(y0, y1) < y && y < Math.max(y0, y1)) crossings++;
      }
    }
    return crossings % 2;
  });
}

test('a voxel is a square between its corners', () => {
  expect(contoursOf('000\n010\n000')).toEqual([[1, 1, 2, 1, 2, 2, 1, 2]]);
});

test('a straight border has corners at its ends only', () => {
  expect(contoursOf('111\n111')).toEqual([[0, 0, 3, 0, 3, 2, 0, 2]]);
});

test.each([
  ['a hole', '11111\n10001\n10101\n10001\n11111'],
  ['voxels that touch at a corner', '1010\n0101\n1010'],
  ['the edge of the image', '1001\n0000\n1111'],
  ['nothing', '000\n000'],
])('filled, it is the mask again: %s', (_, text) => {
  const { mask, columns, rows } = grid(text);
  expect(filled(maskContours(mask, columns, rows), columns, rows)).toEqual(mask);
});

test('writes a closed SVG path', () => {
  expect(contourPath([[1, 1, 2, 1, 2, 2]])).toBe('M1 1L2 1L2 2Z');
});
