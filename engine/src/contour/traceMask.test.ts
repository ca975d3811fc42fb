import { combineContours } from './combineContours';
import { centerClearance } from './centerClearance';
import { signedArea, type Polygon } from './polygon';
import { traceMask } from './traceMask';

const mask = (...rows: string[]) =>
  Uint8Array.from(rows.join(''), character => (character === '#' ? 1 : 0));

/** A disk, minus a disk inside of it. */
function ring(size: number, radius: number, hole = 0): Uint8Array {
  const center = (size - 1) / 2;
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const distance = Math.hypot((i % size) - center, Math.floor(i / size) - center);
    return distance <= radius && distance > hole ? 1 : 0;
  });
}

const count = (values: Uint8Array) => values.reduce((sum, value) => sum + value, 0);

/** Area of the traced polygons in pixels. */
const area = (values: Uint8Array, columns: number, rows: number) =>
  traceMask(values, columns, rows).reduce((sum, polygon) => sum + Math.abs(signedArea(polygon)), 0);

describe('traceMask', () => {
  it.each([
    ['a pixel', 1, mask('#')],
    ['a corner of the slice', 3, mask('##.', '#..', '...')],
    ['all of the slice', 3, mask('###', '###', '###')],
    ['two pixels that touch at a corner', 4, mask('....', '.#..', '..#.', '....')],
    ['two pieces', 5, mask('##...', '##...', '...##', '...##', '.....')],
    ['a hole', 5, mask('.....', '.###.', '.#.#.', '.###.', '.....')],
    [
      'a piece in a hole',
      7,
      mask('#######', '#.....#', '#.....#', '#..#..#', '#.....#', '#.....#', '#######'),
    ],
    [
      'two holes side by side',
      7,
      mask('#######', '#.#.#.#', '#######', '#.#.#.#', '#######', '.......', '.......'),
    ],
    ['a thin line', 6, mask('#.....', '#.....', '.#....', '..##..', '....##', '......')],
    ['a disk', 101, ring(101, 40)],
    ['a ring', 101, ring(101, 40, 25)],
    ['a thin ring', 101, ring(101, 40, 39)],
  ])('encloses the pixels of %s, and has their area', (_, columns, values) => {
    const rows = values.length / columns;
    const traced = traceMask(values, columns, rows);
    for (const rule of ['nested', 'xor'] as const) {
      expect(combineContours(traced, rule, columns, rows).mask).toEqual(values);
    }
    expect(area(values, columns, rows) / count(values)).toBeCloseTo(1, 2);
  });

  it('needs far fewer points than a round shape has pixels on its border', () => {
    const [polygon] = traceMask(ring(101, 40), 101, 101);
    expect(polygon.length).toBeLessThan(100);
  });

  it('joins a hole to the outside by a keyhole', () => {
    const traced = traceMask(ring(21, 9, 4), 21, 21);
    expect(traced).toHaveLength(1);
    const seen = new Set(traced[0].map(String));
    // The gate and the first point of the hole occur twice.
    expect(traced[0].length - seen.size).toBe(2);
  });

  it('encloses the pixels of random masks', () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 60; round++) {
      const density = random();
      const values = Uint8Array.from({ length: 12 * 9 }, () => (random() < density ? 1 : 0));
      const traced = traceMask(values, 12, 9);
      expect(combineContours(traced, 'xor', 12, 9).mask).toEqual(values);
      expect(area(values, 12, 9) / Math.max(1, count(values))).toBeCloseTo(
        traced.length ? 1 : 0,
        2,
      );
    }
  });

  it('keeps clear of pixel centers, so that rounding moves no pixel', () => {
    let state = 7;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    /** A blob: the union of a few disks, minus smaller ones. */
    const blob = () => {
      const disks = Array.from({ length: 5 }, (_, i) => ({
        ...{ x: 6 + 18 * random(), y: 6 + 18 * random(), radius: 1 + 6 * random() },
        isHole: i > 2,
      }));
      return Uint8Array.from({ length: 30 * 30 }, (_, i) => {
        const inside = disks.filter(
          ({ x, y, radius }) => Math.hypot((i % 30) - x, Math.floor(i / 30) - y) < radius,
        );
        return inside.length > 0 && !inside.some(({ isHole }) => isHole) ? 1 : 0;
      });
    };
    /** Coordinates as another program may store them. */
    const shifted = (polygon: Polygon): Polygon =>
      polygon.map(([x, y]) => [x + 0.006 * (random() - 0.5), y + 0.006 * (random() - 0.5)]);
    for (let round = 0; round < 150; round++) {
      const values = blob();
      const traced = traceMask(values, 30, 30);
      for (const polygon of traced) expect(centerClearance(polygon)).toBeGreaterThan(0.01);
      expect(combineContours(traced.map(shifted), 'xor', 30, 30).mask).toEqual(values);
    }
  });
});
