import type { Measurements } from './structure';

/** A structure with its measurements, for tables. */
export interface MeasuredStructure {
  label: string;
  measurements: Measurements;
}

/** How values and slices are named. */
export interface TableOptions {
  /** Unit of the values; empty if they have none. */
  unit: string;
  /** Number of the first slice of the series: 1 in the viewer, 0 at the command line. */
  firstSlice: 0 | 1;
}

/** The measurements of a structure as text, with units. */
export interface MeasurementWords {
  volume: string;
  longest: string;
  perpendicular: string;
  /** Mean and standard deviation. */
  values: string;
  slices: string;
  /** Number of the slice with the diameters. */
  slice: number;
}

export function measurementWords(
  { volume, diameters, mean, deviation, slices }: Measurements,
  { unit, firstSlice }: TableOptions,
): MeasurementWords {
  const decimals = Math.abs(mean) + deviation < 10 ? 2 : 1;
  const values = [mean, deviation].map(value => fixed(value, decimals)).join(' ± ');
  return {
    volume: `${fixed(volume, volume < 1 ? 3 : volume < 10 ? 2 : 1)} mL`,
    longest: `${fixed(diameters.longest.mm, 1)} mm`,
    perpendicular: `${fixed(diameters.perpendicular.mm, 1)} mm`,
    values: unit ? `${values} ${unit}` : values,
    slices: String(slices),
    slice: diameters.sliceIndex + firstSlice,
  };
}

/** Without a minus before zero. */
function fixed(value: number, decimals: number): string {
  return (Number(value.toFixed(decimals)) + 0).toFixed(decimals);
}

/** One line for each structure, to paste into a report. */
export function measurementText(
  structures: readonly MeasuredStructure[],
  options: TableOptions,
): string {
  const lines = structures.map(({ label, measurements }) => {
    const words = measurementWords(measurements, options);
    const diameters = `${words.longest.replace(' mm', '')} x ${words.perpendicular}`;
    const slices = `${words.slices} ${measurements.slices === 1 ? 'slice' : 'slices'}`;
    return `${label}: ${words.volume}, ${diameters} (slice ${words.slice}), mean ${words.values}, ${slices}\n`;
  });
  return lines.join('');
}

const COLUMNS = [
  'Structure',
  'Volume (mL)',
  'Longest diameter (mm)',
  'Perpendicular diameter (mm)',
  'Slice of the diameters',
  'Mean',
  'Standard deviation',
  'Unit',
  'Slices',
  'Voxels',
];

/** Comma-separated values (RFC 4180), with more digits than are shown. */
export function measurementCsv(
  structures: readonly MeasuredStructure[],
  { unit, firstSlice }: TableOptions,
): string {
  const rows = structures.map(({ label, measurements }) => {
    const { volume, diameters, mean, deviation, slices, voxels } = measurements;
    return [
      label,
      volume.toFixed(4),
      diameters.longest.mm.toFixed(2),
      diameters.perpendicular.mm.toFixed(2),
      diameters.sliceIndex + firstSlice,
      mean.toFixed(2),
      deviation.toFixed(2),
      unit,
      slices,
      voxels,
    ];
  });
  return [COLUMNS, ...rows].map(row => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // A spreadsheet takes other text than a number that begins with these for a formula.
  const isFormula = /^[=+\-@\t\r]/.test(value) && !Number.isFinite(Number(value));
  const text = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
