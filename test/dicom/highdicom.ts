/**
 * `npm run test:highdicom`: highdicom, in a virtual environment of its own under .cache, reads each SEG of
 * a matrix of geometries, sizes and encodings voxel by voxel. Beside pydicom and dcmqi, which `npm test` has.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createSegmentation,
  type Segment,
  type SegmentationOptions,
} from 'fewshot-sam-dicom/createSegmentation';
import { encodePart10, RLE_LOSSLESS } from 'fewshot-sam-dicom/encodePart10';
import { expandFrames } from 'fewshot-sam-dicom/expandFrames';
import type { NaturalizedDataset } from 'fewshot-sam-dicom/naturalized';
import { mrSeries } from '../browser/segMatrices';
import { GEOMETRIES } from './geometries';

const here = path.dirname(fileURLToPath(import.meta.url));
const requirements = path.join(here, 'highdicom-requirements.txt');
const environment = path.resolve(here, '../../.cache/highdicom');
const python = path.join(environment, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');

interface Encoding {
  name: string;
  options: SegmentationOptions;
  rle?: boolean;
  /** For segments that overlap. */
  overlap?: boolean;
}

const ENCODINGS: Encoding[] = [
  { name: 'automatic', options: { segmentationType: 'AUTOMATIC' }, overlap: true },
  { name: 'binary', options: {}, overlap: true },
  { name: 'binary every slice', options: { keepEmptyFrames: true }, overlap: true },
  { name: 'labelmap', options: { segmentationType: 'LABELMAP' } },
  {
    name: 'labelmap every slice',
    options: { segmentationType: 'LABELMAP', keepEmptyFrames: true },
  },
  { name: 'labelmap rle', options: { segmentationType: 'LABELMAP' }, rle: true },
];

/** Sums of bytes that are even and odd, frames of whole bytes and not. */
const SIZES = [
  [210, 210],
  [210, 212],
  [205, 205],
  [182, 218],
  [10, 12],
  [64, 64],
];

/** Which voxels a segment has: no mirror image or turn of itself, other ones on each slice. */
function segmentOf(
  number: number,
  slices: number[],
  { rows, columns }: { rows: number; columns: number },
  inside: (row: number, column: number, slice: number) => boolean,
): Segment {
  const maskOn = (slice: number) =>
    Uint8Array.from({ length: rows * columns }, (_, i) =>
      Number(inside(Math.floor(i / columns), i % columns, slice)),
    );
  return {
    label: `Part ${number}`,
    color: [221, 84, 84],
    algorithmType: 'SEMIAUTOMATIC',
    masks: new Map(slices.map(slice => [slice, maskOn(slice)])),
  };
}

function segmentSets(grid: { rows: number; columns: number }, slices: number) {
  const all = Array.from({ length: slices }, (_, i) => i);
  const low = segmentOf(1, all.slice(0, 3), grid, (row, column, z) => row + 2 * column < 5 + z);
  const last = segmentOf(
    2,
    all.slice(2),
    grid,
    (row, column, z) => row >= grid.rows - 2 - (z % 2) && column >= grid.columns - 4,
  );
  const whole = segmentOf(1, all, grid, (row, column) => row + 2 * column < 7);
  const over = segmentOf(3, [1, 2], grid, (row, column) => row < 2 && column < 3);
  const many = all.flatMap(z =>
    Array.from({ length: 4 }, (_, i) =>
      segmentOf(4 * z + i, [z], grid, (row, column) => row === i && column < 3),
    ),
  );
  return {
    one: [low],
    'one on every slice': [whole],
    two: [low, last],
    many,
    overlapping: [low, last, over],
  };
}

function environmentIsReady(): boolean {
  const stamp = path.join(environment, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  const interpreter = process.platform === 'win32' ? 'python' : 'python3';
  for (const [command, ...args] of [
    [interpreter, '-m', 'venv', '--clear', environment],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
  ]) {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) {
      console.log(`highdicom skipped: ${path.basename(command)} ${args.join(' ')} failed`);
      return false;
    }
  }
  writeFileSync(stamp, wanted);
  return true;
}

function main(): number {
  if (!environmentIsReady()) return 0;
  const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-highdicom-'));
  try {
    const cases: object[] = [];
    let masks = 0;
    const add = (
      name: string,
      instances: NaturalizedDataset[],
      segments: Segment[],
      encoding: Encoding,
    ) => {
      const sources = expandFrames(instances);
      const file = `${name} ${encoding.name}.dcm`.replace(/[^\w.]+/g, '-');
      const dataset = createSegmentation(instances, segments, encoding.options);
      const options = encoding.rle ? ({ transferSyntaxUid: RLE_LOSSLESS } as const) : {};
      writeFileSync(path.join(folder, file), new Uint8Array(encodePart10(dataset, options)));
      cases.push({
        file,
        rows: sources[0].Rows,
        columns: sources[0].Columns,
        isMultiFrame: sources.length > instances.length,
        sources: sources.map(source => ({ uid: source.SOPInstanceUID, frame: source.frameNumber })),
        segments: segments.map((segment, i) => ({
          number: i + 1,
          masks: Object.fromEntries(
            [...segment.masks].map(([slice, mask]) => {
              const maskFile = `${masks++}.raw`;
              writeFileSync(path.join(folder, maskFile), mask);
              return [slice, maskFile];
            }),
          ),
        })),
      });
    };
    const addAll = (name: string, instances: NaturalizedDataset[]) => {
      const sources = expandFrames(instances);
      const grid = { rows: Number(sources[0].Rows), columns: Number(sources[0].Columns) };
      for (const [what, segments] of Object.entries(segmentSets(grid, sources.length))) {
        for (const encoding of ENCODINGS) {
          if (what === 'overlapping' && !encoding.overlap) continue;
          add(`${name} ${what}`, instances, segments, encoding);
        }
      }
    };
    for (const { name, instances } of GEOMETRIES) addAll(name, instances);
    for (const [rows, columns] of SIZES) {
      addAll(`${columns} x ${rows}`, mrSeries({ rows, columns, slices: 5 }, '2.25.66'));
    }
    writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(cases));
    const { status } = spawnSync(python, [path.join(here, 'readWithHighdicom.py'), folder], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = main();
