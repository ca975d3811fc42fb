import { combineContours } from './combineContours';
import { fillPolygon } from './fillPolygon';
import type { Polygon } from './polygon';

const rectangle = (left: number, top: number, right: number, bottom: number): Polygon => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

const text = (mask: Uint8Array, columns: number) =>
  Array.from({ length: mask.length / columns }, (_, row) =>
    Array.from(mask.subarray(row * columns, (row + 1) * columns), v => (v ? '#' : '.')).join(''),
  );

const drawn = (contours: Polygon[], rule: 'nested' | 'xor' = 'nested') => {
  const { mask, ...found } = combineContours(contours, rule, 7, 5);
  return { ...found, rows: text(mask, 7) };
};

describe('combineContours', () => {
  it('lets pixel centers decide', () => {
    expect(drawn([rectangle(0.9, 0.4, 3.1, 2.6)]).rows).toEqual([
      '.......',
      '.###...',
      '.###...',
      '.......',
      '.......',
    ]);
  });

  it('gives a pixel on a shared side to one of two contours', () => {
    const [left, right] = [rectangle(0, 0, 3, 3), rectangle(3, 0, 6, 3)];
    const { rows } = drawn([left, right], 'xor');
    expect(rows.slice(0, 4)).toEqual(['######.', '######.', '######.', '.......']);
  });

  it('cuts contours inside others out, and puts those inside holes back', () => {
    const outer = rectangle(-0.5, -0.5, 6.5, 4.5);
    const hole = rectangle(0.5, 0.5, 5.5, 3.5);
    const island = rectangle(2.5, 1.5, 3.5, 2.5);
    const rows = ['#######', '#.....#', '#..#..#', '#.....#', '#######'];
    expect(drawn([island, outer, hole])).toMatchObject({ rows, holes: 2, crossing: 0 });
    expect(drawn([island, outer, hole], 'xor').rows).toEqual(rows);
  });

  it('unites contours that cross, unless they are XOR', () => {
    const contours = [rectangle(-0.5, -0.5, 3.5, 2.5), rectangle(1.5, 0.5, 5.5, 3.5)];
    expect(drawn(contours)).toMatchObject({
      crossing: 1,
      rows: ['####...', '######.', '######.', '..####.', '.......'],
    });
    expect(drawn(contours, 'xor').rows[1]).toBe('##..##.');
  });

  it('takes a repeated contour once', () => {
    const one = rectangle(0.5, 0.5, 3.5, 3.5);
    expect(drawn([one, [...one].reverse()])).toMatchObject({ repeated: 1, holes: 0 });
    expect(drawn([one, one]).rows).toEqual(drawn([one]).rows);
  });

  it('counts contours without a pixel', () => {
    expect(drawn([rectangle(1.2, 1.2, 1.4, 1.4), rectangle(20, 20, 30, 30)])).toMatchObject({
      empty: 2,
    });
  });
});

describe('fillPolygon', () => {
  const keyhole = (slit: number): Polygon => [
    [-0.5, -0.5],
    [6.5, -0.5],
    [6.5, 4.5],
    [-0.5, 4.5],
    [-0.5, 2 + slit / 2],
    [2.5, 2 + slit / 2],
    [2.5, 3.5],
    [4.5, 3.5],
    [4.5, 0.5],
    [2.5, 0.5],
    [2.5, 2 - slit / 2],
    [-0.5, 2 - slit / 2],
  ];
  const turned = (polygon: Polygon): Polygon => polygon.map(([x, y]) => [y, x]);
  const around = ['#######', '###..##', '###..##', '###..##', '#######'];

  it.each([0, 0.05, -0.05])('joins a keyhole whose sides are %d pixels apart', slit => {
    expect(text(fillPolygon(keyhole(slit), 7, 5).inside, 7)).toEqual(around);
    const upright = text(fillPolygon(turned(keyhole(slit)), 5, 7).inside, 5);
    expect(upright[1]).toBe('#####');
    expect(upright[3]).toBe('#...#');
  });

  it('leaves a real cut open', () => {
    const rows = text(fillPolygon(keyhole(0.5), 7, 5).inside, 7);
    expect(rows[2]).toBe('.....##');
  });
});
