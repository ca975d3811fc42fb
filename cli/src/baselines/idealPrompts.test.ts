import { encoderFrame } from 'fewshot-sam/compute';
import { idealPrompts } from './idealPrompts';

/** Rows of `#` inside and `.` outside, one mm per pixel unless said. */
function prompts(rows: string[], rowSpacing = 1, columnSpacing = 1) {
  const grid = { rows: rows.length, columns: rows[0].length, rowSpacing, columnSpacing };
  const truth = Uint8Array.from(rows.join(''), mark => (mark === '#' ? 1 : 0));
  return idealPrompts(truth, grid, encoderFrame(grid));
}

/** Where, in pixels of the slice from its top left edge, a pixel of the encoder input has its center. */
const inSlice = (encoderPixel: number, scale: number) => (encoderPixel + 0.5) / scale;

describe('idealPrompts', () => {
  // Eight pixels make 1024: 128 pixels of the encoder input each.
  const HOOK = [
    '........',
    '.#####..',
    '.#####..',
    '.#####..',
    '.#......',
    '.#......',
    '.#......',
    '........',
  ];

  it('points at the thickest place, not at the center of gravity', () => {
    const [{ point }] = prompts(HOOK);
    // Column 2, row 2 is two pixels from the outside, and the first such.
    expect(inSlice(point.x, 128)).toBeCloseTo(2.5, 9);
    expect(inSlice(point.y, 128)).toBeCloseTo(2.5, 9);
    expect(point.isForeground).toBe(true);
  });

  it('draws the box from the first to the last pixel of the encoder input that shows the part', () => {
    expect(prompts(HOOK)[0].box).toEqual({ left: 128, top: 128, right: 767, bottom: 895 });
  });

  it('prompts each part by itself, also one of a single pixel', () => {
    const parts = prompts(['#.......', '........', '...###..', '...###..', '...###..', '........']);
    expect(parts.map(({ box }) => box)).toEqual([
      { left: 0, top: 0, right: 127, bottom: 127 },
      { left: 384, top: 256, right: 767, bottom: 639 },
    ]);
    expect(parts.map(({ point }) => [inSlice(point.x, 128), inSlice(point.y, 128)])).toEqual([
      [0.5, 0.5],
      [4.5, 3.5],
    ]);
  });

  it('measures distance in mm', () => {
    const rows = [
      '...........',
      '.#########.', // Thick where rows are high.
      '.###.......',
      '.###.......', // Thick where pixels are square.
      '...........',
    ];
    const [{ point: square }] = prompts(rows);
    expect(inSlice(square.x, 1024 / 11)).toBeCloseTo(2.5, 9);
    expect(inSlice(square.y, 465 / 5)).toBeCloseTo(2.5, 9);
    const [{ point: high }] = prompts(rows, 3, 1);
    expect(inSlice(high.x, 751 / 11)).toBeCloseTo(3.5, 9);
    expect(inSlice(high.y, 1024 / 5)).toBeCloseTo(1.5, 9);
  });

  it('gives a part that is smaller than a pixel of the encoder input a box that is not reversed', () => {
    const rows = Array.from({ length: 2048 }, (_, row) =>
      row === 1000 ? `${'.'.repeat(500)}#${'.'.repeat(1547)}` : '.'.repeat(2048),
    );
    const [{ point, box }] = prompts(rows);
    expect(box).toEqual({ left: 250, top: 500, right: 250, bottom: 500 });
    expect(point).toMatchObject({ x: 249.75, y: 499.75 });
  });

  it('takes what lies beyond the slice for outside', () => {
    const [{ point }] = prompts(['#####', '#####', '#####', '.....', '.....']);
    expect(inSlice(point.x, 1024 / 5)).toBeCloseTo(1.5, 9);
    expect(inSlice(point.y, 1024 / 5)).toBeCloseTo(1.5, 9);
  });

  it('finds nothing to prompt on an empty slice', () => {
    expect(prompts(['....', '....'])).toEqual([]);
  });
});
