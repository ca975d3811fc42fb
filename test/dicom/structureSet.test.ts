/** RT Structure Sets as other programs read them: plastimatch and dicompyler-core; and theirs, read here. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Volume } from 'fewshot-sam';
import { itemsOf, type NaturalizedDataset, textOf } from 'fewshot-sam-dicom';
import { readSourceSeries } from '../../cli/src/commands/sourceSeries';
import { readNrrd } from '../../cli/src/nrrd/readNrrdNode';
import { matchLabels } from '../../cli/src/volume/matchLabels';
import { readVolume } from '../../cli/src/volume/readVolumeNode';
import { parseDicomFile } from '../../dicom/src/data/parseDicomFile';
import type { Segment } from '../../dicom/src/seg/createSegmentation';
import { image } from '../../dicom/src/seg/testSeries';
import {
  createStructureSet,
  encodeStructureSet,
} from '../../dicom/src/structureSet/createStructureSet';
import { readStructureSet } from '../../dicom/src/structureSet/readStructureSet';
import { hasDciodvfy, testIf, validate } from './tools';

const PYTHON = '/usr/bin/python3';
const STUDY = path.resolve(__dirname, '../../../shared/data/ct2_upper_abdomen_dicom');
const run = (command: string, args: string[]) =>
  spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
const hasPlastimatch = run('plastimatch', ['--version']).status === 0;
const hasDicompyler = run(PYTHON, ['-c', 'import dicompylercore, matplotlib']).status === 0;
const hasStudy = existsSync(STUDY);

interface Case {
  segments: Segment[];
  sources: NaturalizedDataset[];
  grid: Pick<Volume, 'size' | 'spacing' | 'origin'>;
}

/** A ring, two pieces that touch at a corner, and a ball, on voxels that are no cubes. */
function phantom(): Case {
  const [columns, rows, slices] = [60, 48, 6];
  const heights = Array.from({ length: slices }, (_, k) => 12.5 + 2.5 * k);
  const sources = heights.map(z =>
    image(z, {
      Rows: rows,
      Columns: columns,
      PixelSpacing: [1.25, 0.8],
      ImagePositionPatient: [-31.4, 17.3, z],
    }),
  );
  const shape = (label: string, inside: (x: number, y: number, z: number) => boolean): Segment => ({
    label,
    color: [10, 200, 90],
    algorithmType: 'MANUAL',
    masks: new Map(
      heights.map((_, z) => [
        z,
        Uint8Array.from({ length: rows * columns }, (__, i) =>
          inside(i % columns, Math.floor(i / columns), z) ? 1 : 0,
        ),
      ]),
    ),
  });
  const far = (x: number, y: number, z = 2.5) => Math.hypot(x - 29.5, y - 23.5, 3 * (z - 2.5));
  return {
    sources,
    grid: { size: [columns, rows, slices], spacing: [0.8, 1.25, 2.5], origin: [-31.4, 17.3, 12.5] },
    segments: [
      shape('ring', (x, y) => far(x, y) < 20 && far(x, y) > 11),
      shape('pieces', (x, y) => (x < 20 && y < 20) || (x >= 20 && x < 33 && y >= 20 && y < 37)),
      shape('ball', (x, y, z) => far(x, y, z) < 14),
    ],
  };
}

/** Aorta, liver, vertebrae with their canal, and both humeri as one structure of two pieces. */
async function upperAbdomen(): Promise<Case> {
  const folder = path.join(STUDY, 'dicom');
  const ct = await readVolume(folder, '--image');
  const labels = matchLabels(
    await readVolume(path.join(STUDY, 'labels.nii.gz'), '--labels', undefined, 'labels'),
    ct,
  );
  const pixels = ct.size[0] * ct.size[1];
  const segment = (label: string, values: number[]): Segment => ({
    label,
    color: [221, 84, 84],
    algorithmType: 'MANUAL',
    masks: new Map(
      Array.from({ length: ct.size[2] }, (_, k) => [
        k,
        Uint8Array.from(labels.data.subarray(k * pixels, (k + 1) * pixels), value =>
          values.includes(value) ? 1 : 0,
        ),
      ]),
    ),
  });
  return {
    sources: await readSourceSeries(folder),
    grid: ct,
    segments: [
      segment('aorta', [52]),
      segment('liver', [5]),
      // With the canal as a hole on some slices.
      segment('vertebrae', [32, 33]),
      segment('humeri', [69, 70]),
    ],
  };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-rtstruct-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, { sources, segments }: Case): string {
  const file = path.join(folder, `${name}.dcm`);
  writeFileSync(file, Buffer.from(encodeStructureSet(createStructureSet(sources, segments))));
  return file;
}

/** Writes an empty volume, which tells plastimatch where to fill contours. */
function emptyVolume({ size, spacing, origin }: Case['grid']): string {
  const file = path.join(folder, 'grid.mha');
  const header = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'TransformMatrix = 1 0 0 0 1 0 0 0 1',
    `Offset = ${origin.join(' ')}`,
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${size.join(' ')}`,
    'ElementType = MET_UCHAR',
    'ElementDataFile = LOCAL',
    '',
  ].join('\n');
  writeFileSync(
    file,
    Buffer.concat([Buffer.from(header), Buffer.alloc(size[0] * size[1] * size[2])]),
  );
  return file;
}

function dice(segment: Segment, filled: (slice: number) => ArrayLike<number> | undefined): number {
  let [truth, found, both] = [0, 0, 0];
  for (const [slice, mask] of segment.masks) {
    const other = filled(slice);
    mask.forEach((inside, i) => {
      truth += inside;
      found += other?.[i] ? 1 : 0;
      both += inside && other?.[i] ? 1 : 0;
    });
  }
  return (2 * both) / (truth + found);
}

async function throughPlastimatch(one: Case, file: string, options: string[]): Promise<number[]> {
  const out = path.join(folder, `masks${options.join('')}`);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  const { status, stderr } = run('plastimatch', [
    ...['convert', ...options, '--input', file, '--fixed', emptyVolume(one.grid)],
    ...['--output-prefix', out, '--prefix-format', 'nrrd'],
  ]);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const pixels = one.grid.size[0] * one.grid.size[1];
  const found: number[] = [];
  for (const segment of one.segments) {
    const { data } = await readNrrd(
      path.join(out, `${segment.label}.nrrd`),
      '',
      () => {},
      'labels',
    );
    found.push(dice(segment, slice => data.subarray(slice * pixels, (slice + 1) * pixels)));
  }
  return found;
}

const atLeast = (least: number, values: number[]) =>
  expect(Math.min(...values)).toBeGreaterThanOrEqual(least);

describe.each([
  ['a phantom', true, async () => phantom()],
  ['the upper abdomen', hasStudy, upperAbdomen],
] as const)('a structure set of %s', (name, isThere, make) => {
  const ifThere = (condition: boolean, lacking: string) =>
    testIf(isThere && condition, isThere ? lacking : '../shared/data');
  let one: Case;
  let file: string;
  beforeAll(async () => {
    if (!isThere) return;
    one = await make();
    file = write(name.replace(/ /g, '-'), one);
  }, 240_000);

  ifThere(true, '')('is read back here as it was drawn', (async () => {
    const { rois } = await readStructureSet(readFileSync(file), one.sources);
    for (const [i, roi] of rois.entries()) {
      const { masks, remarks } = roi.fill();
      expect(
        remarks.filter(remark => !remark.includes('has none') && !remark.includes('have none')),
      ).toEqual([]);
      expect(dice(one.segments[i], slice => masks.get(slice))).toBe(1);
    }
  }) as () => void);

  ifThere(hasPlastimatch, 'plastimatch')(
    'is read alike by plastimatch with and without XOR',
    (async () => {
      atLeast(0.99, await throughPlastimatch(one, file, []));
      atLeast(0.99, await throughPlastimatch(one, file, ['--xor-contours']));
    }) as () => void,
  );

  ifThere(hasPlastimatch, 'plastimatch')('is read as plastimatch writes it again', (async () => {
    const out = path.join(folder, 'again');
    rmSync(out, { recursive: true, force: true });
    const { status } = run('plastimatch', ['convert', '--input', file, '--output-dicom', out]);
    expect(status).toBe(0);
    const [again] = readdirSync(out).filter(each => each.startsWith('rtss'));
    const bytes = readFileSync(path.join(out, again));
    const { dataset } = await parseDicomFile(bytes, 'It');
    const [frame] = itemsOf(dataset, 'ReferencedFrameOfReferenceSequence');
    // It makes up a frame of reference. The images are told that it is theirs: otherwise it is refused.
    await expect(
      (async () => (await readStructureSet(bytes, one.sources)).rois[0].fill())(),
    ).rejects.toThrow('frame of reference');
    const sources = one.sources.map(source => ({
      ...source,
      FrameOfReferenceUID: textOf(frame, 'FrameOfReferenceUID'),
    }));
    const read = await readStructureSet(bytes, sources);
    expect(read.rois).toHaveLength(one.segments.length);
    atLeast(
      0.99,
      read.rois.map(roi => {
        const { masks } = roi.fill();
        const segment = one.segments.find(({ label }) => label === roi.label)!;
        return dice(segment, slice => masks.get(slice));
      }),
    );
  }) as () => void);

  ifThere(hasDciodvfy, 'dciodvfy')('has no error for dciodvfy', () => {
    expect(validate(file).filter(line => line.startsWith('Error'))).toEqual([]);
  });
});

testIf(hasStudy && hasDicompyler, hasStudy ? 'dicompyler-core' : '../shared/data')(
  'dicompyler-core reads the upper abdomen as it was drawn',
  (async () => {
    const one = await upperAbdomen();
    const file = write('dicompyler', one);
    const images = readdirSync(path.join(STUDY, 'dicom')).map(each =>
      path.join(STUDY, 'dicom', each),
    );
    const { status, stdout, stderr } = run(PYTHON, [
      path.join(__dirname, 'readStructureSet.py'),
      file,
      ...images,
    ]);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    const rois = JSON.parse(stdout) as { name: string; slices: Record<string, number[]> }[];
    atLeast(
      0.99,
      rois.map(({ name, slices }) => {
        const pixels = one.grid.size[0] * one.grid.size[1];
        const segment = one.segments.find(({ label }) => label === name)!;
        return dice(segment, slice => {
          const mask = new Uint8Array(pixels);
          for (const pixel of slices[slice] ?? []) mask[pixel] = 1;
          return mask;
        });
      }),
    );
  }) as () => void,
);
