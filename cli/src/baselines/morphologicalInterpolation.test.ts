/**
 * ITK's WebAssembly modules are ES modules that Jest cannot load here, so the tests run the real
 * tool in a Node process of its own.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { JobParts } from 'fewshot-sam';
import { interpolate } from './morphologicalInterpolation';

const root = path.resolve(__dirname, '../../..');

interface Question {
  /** Slice index -> rows of `#` inside and `.` outside. */
  labels: Record<number, string[]>;
  wanted: number[];
  columnSpacing?: number;
}

/** @returns for each question the rows of the wanted slices */
async function answers(...questions: Question[]): Promise<string[][][]> {
  const code = `
    import { interpolate } from './cli/src/baselines/morphologicalInterpolation.ts';
    const answers = [];
    for (const { labels, wanted, columnSpacing } of JSON.parse(process.argv[1])) {
      const [first] = Object.values(labels);
      const [rows, columns] = [first.length, first[0].length];
      const indices = [...Object.keys(labels).map(Number), ...wanted].sort((a, b) => a - b);
      const { slices } = await interpolate({
        slices: indices.map(index => ({
          pixels: new Float32Array(rows * columns),
          rows, columns, rowSpacing: 1, columnSpacing: columnSpacing ?? 1,
          index, identity: String(index),
        })),
        labels: new Map(Object.entries(labels).map(([index, text]) =>
          [Number(index), Uint8Array.from(text.join(''), c => (c === '#' ? 1 : 0))])),
        targets: wanted,
        window: { kind: 'clip', low: 0, high: 1 },
      });
      answers.push(slices.map(({ mask, probability: asked }, _, __, probability = asked()) => Array.from({ length: rows }, (_, row) =>
        Array.from(mask.subarray(row * columns, (row + 1) * columns), (value, i) =>
          value !== probability[row * columns + i] ? '?' : value ? '#' : '.').join(''))));
    }
    process.stdout.write('\\n' + JSON.stringify(answers));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code, '--', JSON.stringify(questions)],
    { cwd: root },
  );
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n')));
}

/** A disk on 15 x 23 pixels. */
const disk = (column: number, radius: number) =>
  Array.from({ length: 15 }, (_, y) =>
    Array.from({ length: 23 }, (_, x) =>
      Math.hypot(y - 7, x - column) <= radius ? '#' : '.',
    ).join(''),
  );
const EMPTY = disk(0, -1);

const area = (rows: string[]) => rows.join('').split('#').length - 1;
const meanColumn = (rows: string[]) => {
  const columns = rows.flatMap(row => [...row].flatMap((pixel, x) => (pixel === '#' ? [x] : [])));
  return columns.reduce((sum, x) => sum + x, 0) / columns.length;
};

describe('interpolate', () => {
  let moving: string[][];
  let gaps: string[][];
  let beside: string[][];
  let edge: string[][];
  let anisotropic: string[][];
  beforeAll(async () => {
    [moving, gaps, beside, edge, anisotropic] = await answers(
      { labels: { 3: disk(7, 3), 7: disk(13, 5) }, wanted: [1, 2, 4, 5, 6, 8] },
      { labels: { 3: disk(7, 3), 7: disk(13, 5) }, wanted: [5] },
      { labels: { 3: disk(7, 3), 4: disk(7, 3), 8: disk(13, 5) }, wanted: [5, 6, 7] },
      { labels: { 0: disk(0, 3), 2: disk(22, 3), 4: disk(22, 3) }, wanted: [3] },
      { labels: { 3: disk(7, 3), 7: disk(7, 3) }, wanted: [5], columnSpacing: 2.5 },
    );
  }, 60_000);

  it('moves and grows a disk from one labeled slice to the next', () => {
    const between = moving.slice(2, 5);
    const areas = [disk(7, 3), ...between, disk(13, 5)].map(area);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    expect(areas[2]).toBeGreaterThan(areas[0]);
    expect(areas[2]).toBeLessThan(areas[4]);
    const columns = between.map(meanColumn);
    expect(columns).toEqual([...columns].sort((a, b) => a - b));
    expect(columns[0]).toBeGreaterThan(7);
    expect(columns[1]).toBeCloseTo(10, 0);
    expect(columns[2]).toBeLessThan(13);
    // Its rows stay where they are.
    expect(between.every(rows => rows.join() === [...rows].reverse().join())).toBe(true);
  });

  it('finds nothing beyond the first and the last labeled slice', () => {
    expect([moving[0], moving[1], moving[5]]).toEqual([EMPTY, EMPTY, EMPTY]);
  });

  it('goes by the slice numbers, also when slices between are not given', () => {
    expect(gaps[0]).toEqual(moving[3]);
  });

  it('fills the gap beside two labeled slices in a row', () => {
    expect(beside.map(area).every(pixels => pixels >= area(disk(7, 3)))).toBe(true);
  });

  it('works up to the edge of the image', () => {
    expect(edge[0]).toEqual(disk(22, 3));
  });

  it('keeps a shape that does not change, also on pixels that are not square', () => {
    expect(anisotropic[0]).toEqual(disk(7, 3));
  });

  it('refuses another study', async () => {
    const test = { slices: [], window: { kind: 'clip', low: 0, high: 1 } as const };
    const job = { slices: [], labels: new Map(), targets: [], window: test.window, test };
    await expect(interpolate(job, {} as JobParts)).rejects.toMatchObject({
      code: 'bad-input',
      message:
        'The method interpolate uses the outlines alone, which say nothing about another study.',
    });
  });
});
