import { access, readFile } from 'node:fs/promises';
import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
import { FewshotError } from 'fewshot-sam';
import { writeFileAside } from './writeFileAside';

/** A row of ITK-SNAP's label description file. */
export type LabelRow = ReadSegmentDescription;

const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+"(.*)"\s*$/;

/** Names of a table beside a label map, in the order in which they are looked for. */
const ENDINGS = ['.label', '.label.txt', '.txt'];

const stemOf = (labels: string) =>
  labels.replace(/(\.seg)?\.(nii|hdr|img|nrrd|nhdr|mha|mhd)(\.gz)?$/i, '');

/** Returns the path of the table that is written beside a label map. */
export const labelTableOf = (labels: string): string => stemOf(labels) + ENDINGS[0];

/**
 * Reads the label descriptions beside a label map (`liver.label` beside `liver.nii.gz`), in ITK-SNAP's
 * format: value, red, green, blue, opacity, two flags, name.
 *
 * @param option option that names the label map; begins messages
 * @returns rows but that of the background; undefined where there is no such file
 * @throws FewshotError `bad-input` when two rows have one value
 */
export async function readLabelTable(
  labels: string,
  option: string,
): Promise<LabelRow[] | undefined> {
  for (const ending of ENDINGS) {
    const file = stemOf(labels) + ending;
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    const rows = parseLabelTable(text);
    // Any text may lie beside a label map.
    if (rows.length === 0) continue;
    const twice = rows.find(({ number }, i) => rows.findIndex(row => row.number === number) !== i);
    if (!twice) return rows;
    throw new FewshotError(
      'bad-input',
      `${option}: the label table ${file} describes the value ${twice.number} twice.`,
      'Correct the table, or move it away.',
    );
  }
  return undefined;
}

/** Parses ITK-SNAP's label descriptions; ignores lines of another form. */
export function parseLabelTable(text: string): LabelRow[] {
  return text.split(/\r?\n/).flatMap((line): LabelRow[] => {
    const found = ROW.exec(line);
    if (!found || Number(found[1]) === 0) return [];
    const [number, red, green, blue] = found.slice(1, 5).map(Number);
    return [
      { number, label: found[8], description: '', color: [red, green, blue], algorithmType: '' },
    ];
  });
}

/** Formats label descriptions as ITK-SNAP does. */
export function formatLabelTable(
  rows: readonly { value: number; label: string; color: readonly number[] }[],
): string {
  const pad = (value: number, width: number) => String(value).padStart(width);
  const line = (value: number, color: readonly number[], shown: number, label: string) =>
    `${pad(value, 5)}  ${color.map(part => pad(part, 4)).join(' ')}  ${pad(shown, 7)}  ${shown}  ${shown}    "${label.replace(/["\r\n]/g, "'")}"`;
  return [
    '################################################',
    '# ITK-SnAP Label Description File',
    '# File format: ',
    '# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL',
    '# Where: ',
    '#    IDX:   Zero-based index ',
    '#    -R-:   Red color component (0..255)',
    '#    -G-:   Green color component (0..255)',
    '#    -B-:   Blue color component (0..255)',
    '#    -A-:   Label transparency (0.00 .. 1.00)',
    '#    VIS:   Label visibility (0 or 1)',
    '#    IDX:   Label mesh visibility (0 or 1)',
    '#  LABEL:   Label description ',
    '################################################',
    line(0, [0, 0, 0], 0, 'Clear Label'),
    ...rows.map(({ value, label, color }) => line(value, color, 1, label)),
    '',
  ].join('\n');
}

/**
 * Writes label descriptions beside a label map. Leaves a file alone that is no label table.
 *
 * @throws FewshotError `bad-input` when another file has that name, or it cannot be written
 */
export async function writeLabelTable(
  labels: string,
  rows: readonly { value: number; label: string; color: readonly number[] }[],
): Promise<void> {
  await writeFileAside('--out', labelTableOf(labels), formatLabelTable(rows), '.label');
}

/**
 * Reports before a long computation that the label table of a result would replace a file that is no such
 * table, or the table of the labels.
 *
 * @throws FewshotError `bad-input`
 */
export async function checkLabelTable(out: string, labels: string | undefined): Promise<void> {
  const file = labelTableOf(out);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const isOfLabels = labels !== undefined && labelTableOf(labels) === file;
  const isTable = parseLabelTable(await readFile(file, 'utf8').catch(() => '')).length > 0;
  if (isTable && !isOfLabels) return;
  throw new FewshotError(
    'bad-input',
    isOfLabels
      ? `--out ${out} would replace the label table of --labels (${file}).`
      : `--out ${out} writes its names to ${file}, which exists and is no label table.`,
    'Give --out another name.',
  );
}
