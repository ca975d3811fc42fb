import { spawnSync } from 'node:child_process';
import { cleanUpMasks, type MaskCleanUp } from './cleanUpMasks';

const GRID = { columns: 8, rows: 3, columnSpacing: 1, rowSpacing: 1 };

const read = (drawing: string) =>
  Uint8Array.from(drawing.replace(/\s/g, ''), mark => (mark === '.' ? 0 : 1));
const shown = (mask: Uint8Array | undefined) =>
  mask &&
  [...mask]
    .map((value, i) => (value ? '#' : '.') + (i % 8 === 7 ? ' ' : ''))
    .join('')
    .trim();

/** The changed slices of a clean-up. `fixed` lists slices that were drawn. */
async function cleaned(
  kind: MaskCleanUp['kind'],
  slices: string[],
  { fixed = [], ...more }: Partial<Omit<MaskCleanUp, 'fixed'>> & { fixed?: number[] } = {},
): Promise<Record<number, string | undefined>> {
  const all = slices.map((drawing, index) => [index, read(drawing)] as const);
  const before = all.map(([, mask]) => mask.slice());
  const changed = await cleanUpMasks({
    kind,
    masks: new Map(all.filter(([index]) => !fixed.includes(index))),
    fixed: new Map(all.filter(([index]) => fixed.includes(index))),
    grid: GRID,
    positionOf: index => 5 * index,
    ...more,
  });
  expect(all.map(([, mask]) => mask)).toEqual(before);
  return Object.fromEntries([...changed].map(([index, mask]) => [index, shown(mask)]));
}

describe('fill holes', () => {
  it('fills what a slice encloses, and leaves drawn slices alone', async () => {
    const ring = '###..... #.#..... ###.....';
    expect(
      await cleaned('holes', [ring, ring, '###..... ###..... ........'], { fixed: [0] }),
    ).toEqual({ 1: '###..... ###..... ###.....' });
  });

  it('leaves a hole that another structure fills', async () => {
    const takenOn = () => read('........ .#...... ........');
    expect(await cleaned('holes', ['###..... #.#..... ###.....'], { takenOn })).toEqual({});
  });
});

describe('keep the largest piece', () => {
  it('removes all others, in every slice', async () => {
    const slices = [
      '###....# ###..... ........',
      '.##....# .##..... ........',
      '........ .##..... ......##',
    ];
    expect(await cleaned('largest', slices)).toEqual({
      0: '###..... ###..... ........',
      1: '.##..... .##..... ........',
      2: '........ .##..... ........',
    });
  });

  it('counts what was drawn as part of a piece, never changes it, and bridges missing slices', async () => {
    const changed = await cleanUpMasks({
      kind: 'largest',
      masks: new Map([
        [0, read('##...... ........ ........')],
        [1, read('.....##. ........ ........')],
        [4, read('##...... ##...... ........')],
      ]),
      fixed: new Map([[2, read('##...### ##...... ##......')]]),
      grid: GRID,
      positionOf: index => index,
    });
    // Slice 0 lies beside slice 1, where nothing continues it.
    expect(Object.fromEntries([...changed].map(([index, mask]) => [index, shown(mask)]))).toEqual({
      0: '........ ........ ........',
      1: '........ ........ ........',
    });
  });
});

describe('remove specks', () => {
  const large = '######## ######## ########';
  it('removes pieces below a fiftieth of the largest, and keeps two that are alike', async () => {
    const slices = [
      large,
      large,
      large,
      '........ ........ ........',
      '#....... ........ ........',
    ];
    expect(await cleaned('specks', slices)).toEqual({ 4: '........ ........ ........' });
    const twins = ['###..### ###..### ........', '###..### ###..### ........'];
    expect(await cleaned('specks', twins)).toEqual({});
  });

  it('keeps a small piece that continues what was drawn', async () => {
    const nothing = '........ ........ ........';
    const speck = '#....... ........ ........';
    const slices = [large, large, large, nothing, speck, speck];
    expect(await cleaned('specks', slices, { fixed: [5] })).toEqual({});
  });
});

describe('smooth', () => {
  it('takes off a spike and fills a notch', async () => {
    const grid = { ...GRID, rows: 5 };
    const spike = '........ ...#.... ######## ######## ########';
    const notch = '........ ........ ###.#### ######## ########';
    const flat = '........ ........ ######## ######## ########';
    expect(await cleaned('smooth', [spike, notch], { grid, smoothingMm: 1 })).toEqual({
      0: flat,
      1: flat,
    });
  });

  it('never empties a slice, and adds nothing to another structure', async () => {
    expect(await cleaned('smooth', ['........ ...#.... ........'])).toEqual({});
    const notch = '########  ###..### ########'.replace('  ', ' ');
    expect(await cleaned('smooth', [notch], { smoothingMm: 1 })).toEqual({
      0: '######## ######## ########',
    });
    const takenOn = () => read('........ ...##... ........');
    expect(await cleaned('smooth', [notch], { smoothingMm: 1, takenOn })).toEqual({});
  });
});

describe('against scipy', () => {
  const [columns, rows, slices] = [23, 19, 7];
  const spacing = [2.2, 0.7, 0.9];
  let state = 7;
  /** A blob with noise (Park and Miller), the same each time. */
  const volume = Uint8Array.from({ length: columns * rows * slices }, (_, i) => {
    const [x, y, z] = [
      i % columns,
      Math.floor(i / columns) % rows,
      Math.floor(i / (columns * rows)),
    ];
    const blob = (x - 9) ** 2 + (y - 9) ** 2 + 4 * (z - 3) ** 2 < 40;
    state = (state * 48271) % 2147483647;
    return Number(blob !== state / 2147483647 < 0.04);
  });
  const script = `
import sys, json, numpy as np
from scipy import ndimage as n
v = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(${slices}, ${rows}, ${columns})
sd = [1.5 / s for s in ${JSON.stringify(spacing)}]
g = lambda a: n.gaussian_filter(a.astype(float), sd, mode='constant', truncate=3)
smooth = g(v) / g(np.ones(v.shape)) > 0.5
empty = ~smooth.any((1, 2))
smooth[empty] = v[empty]
labels, count = n.label(v, np.ones((3, 3, 3)))
sizes = np.bincount(labels.ravel())[1:]
largest = labels == 1 + np.argmax(sizes)
specks = np.isin(labels, 1 + np.flatnonzero(sizes >= 0.02 * sizes.max()))
holes = np.stack([n.binary_fill_holes(s) for s in v])
json.dump({k: a.astype(int).ravel().tolist() for k, a in dict(smooth=smooth, largest=largest, specks=specks, holes=holes).items()}, sys.stdout)
`;
  const ran = spawnSync('/usr/bin/python3', ['-c', script], { input: volume, encoding: 'utf8' });
  const isThere = ran.status === 0;
  if (!isThere) console.warn('Skipped: /usr/bin/python3 has no scipy to compare with.');

  (isThere ? it : it.skip).each(['smooth', 'largest', 'specks', 'holes'] as const)(
    '%s agrees voxel by voxel',
    async kind => {
      const size = columns * rows;
      const changed = await cleanUpMasks({
        kind,
        masks: new Map(
          Array.from({ length: slices }, (_, k) => [k, volume.slice(k * size, (k + 1) * size)]),
        ),
        fixed: new Map(),
        grid: { columns, rows, columnSpacing: spacing[2], rowSpacing: spacing[1] },
        positionOf: index => spacing[0] * index,
      });
      const result = volume.slice();
      for (const [k, mask] of changed) result.set(mask, k * size);
      const expected = (JSON.parse(ran.stdout) as Record<string, number[]>)[kind];
      expect(expected).not.toEqual([...volume]);
      expect([...result]).toEqual(expected);
    },
  );
});
