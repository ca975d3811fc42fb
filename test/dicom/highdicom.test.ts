/**
 * highdicom reads every SEG of the matrix voxel for voxel, by source image and as a volume. Part of
 * `npm run test:highdicom`, which makes highdicom's virtual environment.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Segment } from '../../dicom/src/seg/createSegmentation';
import { expandFrames } from '../../dicom/src/series/expandFrames';
import { textOf, type NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { GEOMETRIES } from './geometries';
import { expectSame, placesOn } from './places';
import { encodeSeg, ENCODINGS, masksOn, SEGMENTS, type Encoding } from './segMatrix';
import type { Places } from './tools';

const PYTHON = process.env.HIGHDICOM_PYTHON;
const SKIPPED = ' (skipped: `npm run test:highdicom` makes the environment and runs this)';

interface Case {
  name: string;
  instances: NaturalizedDataset[];
  segments: Segment[];
  encoding: Encoding;
}

interface Read {
  bySource: Record<string, Record<string, number[]>>;
  places: Places | null;
}

/** A CT of `rows` x `columns` pixels on `slices` slices. */
function plainSeries(rows: number, columns: number, slices: number): NaturalizedDataset[] {
  const [{ instances }] = GEOMETRIES;
  return Array.from({ length: slices }, (_, i) => ({
    ...instances[0],
    Rows: rows,
    Columns: columns,
    SOPInstanceUID: `2.25.9${rows}${columns}00${i + 1}`,
    SeriesInstanceUID: `2.25.9${rows}${columns}`,
    ImagePositionPatient: [-30.5, -40.25, 100 + 2.5 * i],
  }));
}

const disk = (size: number, radius: number) => (row: number, column: number) =>
  Math.hypot(row - size / 2, column - size / 3) < radius;
const color: Segment['color'] = [10, 200, 10];
const manual = (label: string, masks: Segment['masks']): Segment => ({
  label,
  color,
  algorithmType: 'MANUAL',
  masks,
});

/** Sizes whose frames are no whole bytes, or whose bytes add up to an odd number. */
const ODD: { name: string; size: [number, number]; slices: number[]; of: number }[] = [
  { name: '210 x 210 on one slice', size: [210, 210], slices: [2], of: 5 },
  { name: '210 x 210 on all 5 slices', size: [210, 210], slices: [0, 1, 2, 3, 4], of: 5 },
  { name: '182 x 218 on 3 slices', size: [182, 218], slices: [0, 1, 4], of: 7 },
  { name: '9 x 11 on 5 slices', size: [9, 11], slices: [0, 1, 2, 4, 5], of: 6 },
  { name: '7 x 9 on all 3 slices', size: [7, 9], slices: [0, 1, 2], of: 3 },
];

const CASES: Case[] = ENCODINGS.flatMap(encoding => [
  ...GEOMETRIES.map(({ name, instances }) => ({ name, instances, segments: SEGMENTS, encoding })),
  ...ODD.map(({ name, size: [rows, columns], slices, of }) => ({
    name,
    instances: plainSeries(rows, columns, of),
    segments: [manual('Disk', masksOn(disk(rows, rows / 4), slices, rows, columns))],
    encoding,
  })),
  {
    name: '300 segments',
    instances: GEOMETRIES[0].instances,
    segments: Array.from({ length: 300 }, (_, i) =>
      manual(
        `Segment ${i + 1}`,
        masksOn((row, column) => row * 10 + column === i % 120, [Math.floor(i / 120)]),
      ),
    ),
    encoding,
  },
  ...(encoding.options.segmentationType === 'LABELMAP'
    ? []
    : [
        {
          name: 'segments that overlap',
          instances: GEOMETRIES[0].instances,
          segments: [
            ...SEGMENTS,
            manual(
              'Over both',
              masksOn(() => true, [0, 1, 2, 5]),
            ),
          ],
          encoding,
        },
      ]),
]);

const nameOf = ({ name, encoding }: Case) => `${name}, ${encoding.name}`;
const results = new Map<string, Read>();

beforeAll(() => {
  if (!PYTHON) return;
  const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-highdicom-'));
  try {
    const files = CASES.map((one, i) => {
      const file = path.join(folder, `${i}.dcm`);
      writeFileSync(file, encodeSeg(one.instances, one.segments, one.encoding));
      return file;
    });
    const script = path.join(process.cwd(), 'test/dicom/readWithHighdicom.py');
    const { status, stdout, stderr } = spawnSync(PYTHON, [script, ...files], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(`highdicom refused a file: ${stderr}`);
    const read = JSON.parse(stdout.trim().split('\n').at(-1)!) as Read[];
    read.forEach((one, i) => results.set(nameOf(CASES[i]), one));
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 600_000);

/** As highdicom's script prints them. */
function expectedBySource({ instances, segments }: Case): Read['bySource'] {
  const sources = expandFrames(instances);
  return Object.fromEntries(
    segments.map(({ masks }, i) => [
      String(i + 1),
      Object.fromEntries(
        [...masks].map(([slice, mask]) => [
          `${textOf(sources[slice], 'SOPInstanceUID')}#${Number(sources[slice].frameNumber ?? 1)}`,
          [...mask.keys()].filter(at => mask[at] === 1),
        ]),
      ),
    ]),
  );
}

(PYTHON ? test : test.skip).each(CASES.map(one => ({ ...one, title: nameOf(one) })))(
  `$title${PYTHON ? '' : SKIPPED}`,
  one => {
    const { bySource, places } = results.get(nameOf(one))!;
    expect(bySource).toEqual(expectedBySource(one));
    if (!places) {
      expect(one.name).toMatch(/tilted|gaps/);
      return;
    }
    const sources = expandFrames(one.instances);
    const byLabel = Object.fromEntries(
      Object.entries(places).map(([number, list]) => [
        one.segments[Number(number) - 1].label,
        list,
      ]),
    );
    expectSame(byLabel, placesOn(sources, one.segments), sources);
  },
);
