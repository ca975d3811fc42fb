import { looksLikeRing, outlineFlaws, withPixels } from './outlineFlaws';

/** `#` is the outlined structure, `o` another segment. */
function draw(...rows: string[]) {
  const text = rows.join('');
  return {
    mask: Uint8Array.from(text, char => Number(char === '#')),
    taken: Uint8Array.from(text, char => Number(char === 'o')),
    columns: rows[0].length,
  };
}

const SIDE = 100;

/** Disks in a slice of 100 x 100 pixels. */
function disks(...all: { x: number; y: number; radius: number }[]): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    Number(
      all.some(
        ({ x, y, radius }) =>
          ((i % SIDE) - x) ** 2 + (Math.floor(i / SIDE) - y) ** 2 <= radius ** 2,
      ),
    ),
  );
}

const flawsIn = ({ mask, taken, columns }: ReturnType<typeof draw>) =>
  outlineFlaws(mask, columns, { taken });

test('a hole is what the outline encloses, not a bay', () => {
  const drawn = draw(
    '........', //
    '.#####..',
    '.#..##..',
    '.#.####.',
    '.####...',
    '.##.###.',
    '........',
  );
  expect(flawsIn(drawn)).toEqual({ holes: [Uint32Array.of(18, 19, 26)], specks: [] });
});

test('the edge of the slice does not enclose', () => {
  expect(flawsIn(draw('#.#', '#.#', '###')).holes).toEqual([]);
  expect(flawsIn(draw('###', '#.#', '###')).holes).toEqual([Uint32Array.of(4)]);
});

test('corners enclose, and two holes that meet at a corner are two', () => {
  expect(flawsIn(draw('.#.', '#.#', '.#.')).holes).toEqual([Uint32Array.of(4)]);
  expect(flawsIn(draw('####', '#.##', '##.#', '####')).holes).toHaveLength(2);
});

test('a hole that another segment fills is none; beside a single pixel of one it is', () => {
  expect(flawsIn(draw('#####', '#ooo#', '#####')).holes).toEqual([]);
  expect(flawsIn(draw('#####', '#oo.#', '#####')).holes).toEqual([]);
  expect(flawsIn(draw('#####', '#..o#', '#####')).holes).toEqual([Uint32Array.of(6, 7)]);
});

test('a few pixels beside the structure are a speck', () => {
  const mask = disks({ x: 40, y: 40, radius: 20 });
  mask[90 * SIDE + 90] = 1;
  expect(outlineFlaws(mask, SIDE).specks).toEqual([Uint32Array.of(90 * SIDE + 90)]);
});

test('two parts of similar size are no specks', () => {
  const lungs = disks({ x: 25, y: 50, radius: 20 }, { x: 75, y: 50, radius: 12 });
  expect(outlineFlaws(lungs, SIDE).specks).toEqual([]);
  // Two vessels, the smaller of a few pixels.
  const vessels = disks({ x: 25, y: 50, radius: 2 }, { x: 75, y: 50, radius: 1 });
  expect(outlineFlaws(vessels, SIDE).specks).toEqual([]);
});

test('a part of some millimeters is no speck, however small beside the structure', () => {
  const mask = disks({ x: 45, y: 45, radius: 40 }, { x: 95, y: 95, radius: 3 });
  expect(outlineFlaws(mask, SIDE, { pixelArea: 0.25 }).specks).toHaveLength(1);
  expect(outlineFlaws(mask, SIDE, { pixelArea: 4 }).specks).toEqual([]);
});

test('a large hole on each of several slices looks like a ring', () => {
  const found = (drawn: ReturnType<typeof draw>) => ({ mask: drawn.mask, flaws: flawsIn(drawn) });
  const ring = found(draw('#####', '#...#', '#...#', '#####'));
  const pinhole = found(draw('######', '######', '#.####', '######'));
  const solid = found(draw('####', '####'));
  expect(looksLikeRing([ring, ring])).toBe(true);
  expect(looksLikeRing([ring, solid])).toBe(false);
  expect(looksLikeRing([ring, pinhole])).toBe(false);
  expect(looksLikeRing([ring])).toBe(false);
});

test('an empty slice has no flaws', () => {
  expect(outlineFlaws(new Uint8Array(12), 4)).toEqual({ holes: [], specks: [] });
});

test('what is filled and removed leaves the mask as it was', () => {
  const { mask, columns } = draw('###....', '#.#...#', '###....');
  const before = mask.slice();
  const { holes, specks } = outlineFlaws(mask, columns);
  expect(withPixels(mask, holes, [])).toEqual(draw('###....', '###...#', '###....').mask);
  expect(specks).toEqual([]);
  const large = disks({ x: 40, y: 40, radius: 20 });
  const speckled = withPixels(large, [Uint32Array.of(9_000)], []);
  expect(withPixels(speckled, [], outlineFlaws(speckled, SIDE).specks)).toEqual(large);
  expect(mask).toEqual(before);
});
