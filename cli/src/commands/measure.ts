import { readFile, stat } from 'node:fs/promises';
import {
  combineSlices,
  cross,
  dot,
  FewshotError,
  type MeasuredStructure,
  measurementCsv,
  type Measurements,
  measurementWords,
  measureSlice,
  type OnNote,
  printableLines,
  sliceThicknesses,
  throwIfCancelled,
  unit as unitVector,
  type Volume,
  type VolumeGeometry,
  worldPosition,
} from 'fewshot-sam';
import { type NaturalizedDataset, nextSeriesNumber, valueUnit } from 'fewshot-sam-dicom';
import { createReport } from 'fewshot-sam-dicom/report';
import { encodePart10, parseDicomFile } from 'fewshot-sam-dicom/seg';
import { writeFileAside } from '../files/writeFileAside';
import { readVolume } from '../volume/readVolumeNode';
import { checkOutputs } from './checkOutputs';
import type { MeasureArguments } from './measureArguments';
import { readStructures, type StructureMasks } from './readStructures';
import { readSourceSeries } from './sourceSeries';

/** Slices are counted from 0, as everywhere at the command line. */
const FIRST_SLICE = 0;

/** A structure with the number of its (first) segment or value. */
interface Measured extends MeasuredStructure {
  number: number;
}

/**
 * Runs `fewshot-sam measure`.
 *
 * @returns text for the standard output
 * @throws FewshotError when an input cannot be read, or there is nothing to measure
 */
export async function measureStructures(
  { image, labels, structures, format, out }: MeasureArguments,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<string> {
  await checkOutputs(
    [['--out', out]],
    [
      ['--image', image],
      ['--labels', labels],
    ],
  );
  const volume = await readVolume(image, '--image', onNote);
  const found = await readStructures(labels, { location: image, volume }, structures, onNote);
  const measured: Measured[] = [];
  for (const { label, numbers, masks } of found) {
    throwIfCancelled(signal);
    const measurements = measureMasks(volume, masks);
    if (measurements) measured.push({ label, number: numbers[0], measurements });
    else onNote(`--labels: "${label}" is empty.`);
  }
  if (measured.length === 0) {
    throw new FewshotError(
      'bad-input',
      `There is no voxel to measure in --labels ${labels}.`,
      'Give labels that hold a structure.',
    );
  }
  if (format === 'sr') {
    checkSegments(found);
    await writeReport(out!, labels, image, measured);
    return `${out}: report on ${measured.length} ${measured.length === 1 ? 'structure' : 'structures'}\n`;
  }
  // NIfTI and others do not say what their values mean.
  const isSeries = (await stat(image)).isDirectory();
  const unit = isSeries ? valueUnit((await readSourceSeries(image))[0]).symbol : '';
  const text = textOf(measured, format, unit);
  if (!out) return format === 'csv' ? text : printableLines(text);
  await writeFileAside('--out', out, text);
  return '';
}

/** Measures masks by slice, in the plane of the slices of a volume. */
function measureMasks(volume: Volume, masks: ReadonlyMap<number, Uint8Array>): Measurements | null {
  const [columns, rows] = volume.size;
  const [columnSpacing, rowSpacing] = volume.spacing;
  const grid = { rows, columns, rowSpacing, columnSpacing };
  const slices = [...masks].flatMap(([index, mask]) => {
    const values = volume.data.subarray(index * rows * columns, (index + 1) * rows * columns);
    const found = measureSlice(mask, values, grid);
    return found ? [[index, found] as const] : [];
  });
  return combineSlices(new Map(slices), thicknessesOf(volume), grid);
}

function thicknessesOf(volume: VolumeGeometry): number[] {
  const { size, spacing, direction } = volume;
  const axis = (i: number) => [direction[i], direction[3 + i], direction[6 + i]];
  const normal = unitVector(cross(axis(0), axis(1)));
  const heights = Array.from({ length: size[2] }, (_, slice) =>
    dot(normal, worldPosition(volume, [0, 0, slice])),
  );
  return heights.length > 1 ? sliceThicknesses(heights) : [spacing[2]];
}

function textOf(
  measured: readonly Measured[],
  format: Exclude<MeasureArguments['format'], 'sr'>,
  unit: string,
): string {
  const options = { unit, firstSlice: FIRST_SLICE } as const;
  if (format === 'csv') return measurementCsv(measured, options);
  if (format === 'json') {
    const rows = measured.map(({ label, number, measurements }) => ({
      ...{ label, number, volume_ml: measurements.volume },
      longest_mm: measurements.diameters.longest.mm,
      perpendicular_mm: measurements.diameters.perpendicular.mm,
      slice: measurements.diameters.sliceIndex + FIRST_SLICE,
      ...{ mean: measurements.mean, sd: measurements.deviation, unit },
      ...{ slices: measurements.slices, voxels: measurements.voxels },
    }));
    return `${JSON.stringify(rows, null, 2)}\n`;
  }
  const rows = measured.map(({ label, measurements }) => {
    const words = measurementWords(measurements, options);
    const { volume, longest, perpendicular, slice, values, slices } = words;
    return [label, volume, longest, perpendicular, String(slice), values, slices];
  });
  return aligned([
    ['structure', 'volume', 'longest', 'perpendicular', 'on slice', 'mean ± SD', 'slices'],
    ...rows,
  ]);
}

/** A table of columns as wide as needed; all but the first to the right. */
function aligned(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  const lines = rows.map(row =>
    row
      .map((text, column) =>
        column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]),
      )
      .join('  '),
  );
  return `${lines.join('\n')}\n`;
}

/** A report refers to segments one by one. */
function checkSegments(structures: readonly StructureMasks[]): void {
  const merged = structures.find(({ numbers }) => numbers.length > 1);
  if (!merged) return;
  throw new FewshotError(
    'bad-input',
    `"${merged.label}" is ${merged.numbers.length} segments, but a report refers to one at a time.`,
    'Give each of them as its own --label.',
  );
}

async function writeReport(
  out: string,
  labels: string,
  image: string,
  measured: readonly Measured[],
): Promise<void> {
  const { dataset } = await parseDicomFile(await readFile(labels), 'The segmentation');
  if (dataset.Modality !== 'SEG') {
    throw new FewshotError(
      'bad-input',
      `--labels ${labels} is not a DICOM SEG, to which a report refers.`,
      'Give a DICOM SEG, or another --format.',
    );
  }
  const instances: NaturalizedDataset[] = await readSourceSeries(image);
  const report = createReport(dataset, instances, measured, {
    seriesDescription: `Measurements: ${measured.map(({ label }) => label).join(', ')}`,
    seriesNumber: nextSeriesNumber([dataset]),
  });
  await writeFileAside('--out', out, new Uint8Array(encodePart10(report)), '.dcm');
}
