/**
 * Measurements against scipy, and measurement reports read back by pydicom, dciodvfy and (`npm run
 * test:highdicom`) highdicom: of a real CT, and of slices whose pixels are not square.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { combineSlices, measureSlice, sliceThicknesses, type Measurements } from 'fewshot-sam';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { createReport } from '../../dicom/src/report/createReport';
import { createSegmentation, type Segment } from '../../dicom/src/seg/createSegmentation';
import { image } from '../../dicom/src/seg/testSeries';
import { CT_FOLDER, CT_LABELS, hasSharedData, readFolder, readSource } from './sources';
import {
  hasDciodvfy,
  hasScipy,
  labelsOnGrid,
  measureWithScipy,
  readReportWithPydicom,
  testIf,
  validate,
  voxelsOf,
} from './tools';

const HIGHDICOM = process.env.HIGHDICOM_PYTHON;
const SCIPY = 'python3-pydicom and python3-scipy';
const [ROWS, COLUMNS, SLICES] = [40, 60, 6];
/** mm: uneven, as where a slice is missing. */
const HEIGHTS = [0, 3, 6, 12, 15, 18];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An image with its values in modality units. */
interface Image {
  instance: NaturalizedDataset;
  values: Float32Array;
}

/** Measures a segment as the panel and the command do. */
function measured(images: Image[], { masks }: Segment): Measurements {
  const instances = images.map(({ instance }) => instance);
  const [rowSpacing, columnSpacing] = (instances[0].PixelSpacing as number[]).map(Number);
  const { Rows: rows, Columns: columns } = instances[0] as { Rows: number; Columns: number };
  const heights = instances.map(({ ImagePositionPatient: place }) =>
    Number((place as number[])[2]),
  );
  const grid = { rows, columns, rowSpacing, columnSpacing };
  const slices = [...masks].flatMap(([index, mask]) => {
    const found = measureSlice(mask, images[index].values, grid);
    return found ? [[index, found] as const] : [];
  });
  return combineSlices(new Map(slices), sliceThicknesses(heights), grid)!;
}

interface Made {
  seg: string;
  report: string;
  dataset: NaturalizedDataset;
  measurements: Measurements[];
}

function make(name: string, images: Image[], segments: Segment[]): Made {
  const instances = images.map(({ instance }) => instance);
  const dataset = createSegmentation(instances, segments);
  const measurements = segments.map(segment => measured(images, segment));
  const report = createReport(
    dataset,
    instances,
    measurements.map((one, i) => ({ number: i + 1, measurements: one })),
    { seriesDescription: 'Measurements: Liver' },
  );
  const [seg, sr] = ['seg', 'sr'].map(kind => path.join(folder, `${name}-${kind}.dcm`));
  writeFileSync(seg, Buffer.from(encodePart10(dataset)));
  writeFileSync(sr, Buffer.from(encodePart10(report)));
  return { seg, report: sr, dataset, measurements };
}

function expectSameAsScipy({ seg, measurements }: Made, sources: string, images: Image[]) {
  const found = measureWithScipy(seg, sources);
  expect(found).toHaveLength(measurements.length);
  found.forEach((scipy, i) => {
    const { volume, mean, deviation, diameters, voxels, slices } = measurements[i];
    expect({ voxels, slices }).toEqual({ voxels: scipy.voxels, slices: scipy.slices });
    expect(volume).toBeCloseTo(scipy.volume, 8);
    expect(mean).toBeCloseTo(scipy.mean, 6);
    expect(deviation).toBeCloseTo(scipy.deviation, 6);
    expect(diameters.longest.mm).toBeCloseTo(scipy.longest, 8);
    expect(diameters.perpendicular.mm).toBeCloseTo(scipy.perpendicular, 6);
    expect(images[diameters.sliceIndex].instance.SOPInstanceUID).toBe(scipy.image);
  });
}

function expectReported({ report, dataset, measurements }: Made) {
  const read = readReportWithPydicom(report);
  expect(read).toMatchObject({
    sopClass: '1.2.840.10008.5.1.4.1.1.88.33',
    template: '1500',
    name: 'Imaging Measurement Report',
  });
  expect(read.groups.map(({ template }) => template)).toEqual(measurements.map(() => '1411'));
  read.groups.forEach((group, i) => {
    const { volume, mean, deviation, diameters } = measurements[i];
    expect(group['Referenced Segment']).toEqual([dataset.SOPInstanceUID, i + 1]);
    const values = group.numbers.map(({ value }) => value);
    const wanted = [volume, diameters.longest.mm, diameters.perpendicular.mm, mean, deviation];
    values.forEach((value, k) => expect(value).toBeCloseTo(wanted[k], 8));
    for (const { line, value } of group.numbers.slice(1, 3)) {
      const [spacingY, spacingX] = spacingOf(dataset);
      const [[x0, y0], [x1, y1]] = line!.ends;
      expect(Math.hypot((x1 - x0) * spacingX, (y1 - y0) * spacingY)).toBeCloseTo(value, 3);
      expect(read.evidence).toContain(line!.image);
    }
  });
  return read;
}

function spacingOf(dataset: NaturalizedDataset): number[] {
  const [shared] = dataset.SharedFunctionalGroupsSequence as NaturalizedDataset[];
  const [measures] = shared.PixelMeasuresSequence as NaturalizedDataset[];
  return (measures.PixelSpacing as unknown[]).map(Number);
}

/** What highdicom finds: per group the tracking identifier, the segment, and the numbers. */
function readWithHighdicom(report: string): [string, number, number[]][] {
  const program = path.join(__dirname, 'readReportWithHighdicom.py');
  const { status, stdout, stderr } = spawnSync(HIGHDICOM!, [program, report], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as [string, number, number[]][];
}

function expectHighdicomReads({ report, measurements }: Made) {
  const found = readWithHighdicom(report);
  expect(found).toHaveLength(measurements.length);
  found.forEach(([, number, [volume]], i) => {
    expect(number).toBe(i + 1);
    expect(volume).toBeCloseTo(measurements[i].volume, 8);
  });
}

describe('pixels of 2 x 0.5 mm on slices at uneven distances', () => {
  let sources: string;
  let images: Image[];
  let made: Made;
  beforeAll(() => {
    sources = path.join(folder, 'oblong');
    mkdirSync(sources);
    images = HEIGHTS.map((z, slice) => {
      const pixels = Int16Array.from(
        { length: ROWS * COLUMNS },
        (_, i) => 100 * Math.sin(i * 0.7 + slice) + slice * 10,
      );
      const dataset = image(z, {
        ...{ Rows: ROWS, Columns: COLUMNS, PixelSpacing: [2, 0.5], InstanceNumber: slice + 1 },
        ...{ BitsAllocated: 16, BitsStored: 16, HighBit: 15, PixelRepresentation: 1 },
        ...{ SamplesPerPixel: 1, PhotometricInterpretation: 'MONOCHROME2' },
        ...{ RescaleSlope: 2, RescaleIntercept: -1000, PixelData: pixels.buffer },
        _vrMap: { PixelData: 'OW' },
      });
      const file = path.join(sources, `${slice}.dcm`);
      writeFileSync(file, Buffer.from(encodePart10(dataset)));
      const { instance, pixels: stored } = readSource(readFileSync(file));
      return { instance, values: Float32Array.from(stored, value => value * 2 - 1000) };
    });
    const ellipse = (slice: number) =>
      Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => {
        const [x, y] = [(i % COLUMNS) - 28, Math.floor(i / COLUMNS) - 18];
        const [u, v] = [x * 0.9 + y * 0.44, y * 0.9 - x * 0.44];
        const isIsland = slice === 2 && Math.hypot(x - 26, y - 17) < 3;
        return Number((u / (14 + slice)) ** 2 + (v / (5 + (slice % 3))) ** 2 < 1 || isIsland);
      });
    const masks = (slices: number[]) => new Map(slices.map(slice => [slice, ellipse(slice)]));
    made = make('oblong', images, [
      {
        ...{ label: 'Öse', color: [200, 0, 0], algorithmType: 'MANUAL', masks: masks([1, 2, 3]) },
        category: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
        type: { value: '64033007', scheme: 'SCT', meaning: 'Kidney' },
        typeModifier: { value: '7771000', scheme: 'SCT', meaning: 'Left' },
      },
      {
        ...{ label: 'Other', color: [0, 200, 0], algorithmType: 'SEMIAUTOMATIC' },
        masks: masks([0, SLICES - 1]),
      },
    ]);
  });

  testIf(hasScipy, SCIPY)('scipy measures the same', () => {
    expectSameAsScipy(made, sources, images);
  });

  testIf(hasScipy, SCIPY)('pydicom reads what was measured, with codes from the SEG', () => {
    const read = expectReported(made);
    const [kidney, other] = read.groups;
    expect(kidney).toMatchObject({
      'Tracking Identifier': 'Öse',
      Finding: { value: '64033007' },
      'Finding Site': { value: '64033007' },
      Laterality: { value: '7771000' },
      'Source series for segmentation': '1.2.30',
      'Algorithm Name': 'Few-shot SAM',
    });
    expect(kidney.numbers.map(({ unit }) => unit)).toEqual([
      ...['ml', 'mm', 'mm', "[hnsf'U]", "[hnsf'U]"],
    ]);
    expect(kidney.numbers.map(({ derivation }) => derivation)).toEqual([
      ...[undefined, undefined, undefined, 'Mean', 'Standard Deviation'],
    ]);
    expect(other['Finding Site']).toBeUndefined();
    expect(read.patient).toBe('Demo^Brain');
  });

  testIf(hasDciodvfy, 'dciodvfy (Debian: dicom3tools)')('dciodvfy has no complaint', () => {
    expect(validate(made.report).filter(line => /^Error/.test(line))).toEqual([]);
  });

  testIf(HIGHDICOM !== undefined, '`npm run test:highdicom`')('highdicom reads it', () => {
    expectHighdicomReads(made);
  });
});

(hasSharedData ? describe : describe.skip)(
  `the CT of ../shared/data${hasSharedData ? '' : ' (skipped: it is not there)'}`,
  () => {
    let images: Image[];
    let made: Made;
    beforeAll(() => {
      const [labelFile, voxelFile] = ['ct.labels', 'ct.voxels'].map(name =>
        path.join(folder, name),
      );
      labelsOnGrid(CT_LABELS, CT_FOLDER, labelFile);
      voxelsOf(CT_FOLDER, voxelFile);
      const labels = readFileSync(labelFile);
      const voxels = new Float32Array(new Uint8Array(readFileSync(voxelFile)).buffer);
      const sources = readFolder(CT_FOLDER);
      const pixels = labels.length / sources.length;
      images = sources.map(({ instance }, slice) => ({
        instance,
        values: voxels.subarray(slice * pixels, (slice + 1) * pixels),
      }));
      const counts = new Map<number, number>();
      for (const value of labels) counts.set(value, (counts.get(value) ?? 0) + 1);
      const largest = [...counts].filter(([value]) => value > 0).sort(([, a], [, b]) => b - a);
      const segments = largest.slice(0, 4).map(([value]): Segment => {
        const masks = images.map((_, slice) => {
          const own = labels.subarray(slice * pixels, (slice + 1) * pixels);
          return [slice, Uint8Array.from(own, label => Number(label === value))] as const;
        });
        const color = [value, 100, 100] as const;
        return {
          label: `Label ${value}`,
          color,
          algorithmType: 'AUTOMATIC',
          masks: new Map(masks),
        };
      });
      made = make('ct', images, segments);
    }, 120_000);

    testIf(hasScipy, SCIPY)('scipy measures the same', () => {
      expectSameAsScipy(made, CT_FOLDER, images);
    });

    testIf(hasScipy, SCIPY)('pydicom reads what was measured', () => {
      expectReported(made);
    });

    testIf(hasDciodvfy, 'dciodvfy (Debian: dicom3tools)')('dciodvfy has no complaint', () => {
      expect(validate(made.report).filter(line => /^Error/.test(line))).toEqual([]);
    });

    testIf(HIGHDICOM !== undefined, '`npm run test:highdicom`')('highdicom reads it', () => {
      expectHighdicomReads(made);
    });
  },
);
