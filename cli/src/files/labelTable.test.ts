import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  checkLabelTable,
  formatLabelTable,
  labelTableOf,
  parseLabelTable,
  readLabelTable,
  writeLabelTable,
} from './labelTable';

const ROWS = [
  { value: 5, label: 'Leber "links"', color: [221, 84, 84] },
  { value: 300, label: 'Aorta', color: [0, 0, 255] },
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-table-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const file = (name: string) => path.join(folder, name);

describe('a label table', () => {
  it('is written as ITK-SNAP does', () => {
    const lines = formatLabelTable(ROWS).split('\n');
    expect(lines.slice(-4)).toEqual([
      `    0     0    0    0        0  0  0    "Clear Label"`,
      `    5   221   84   84        1  1  1    "Leber 'links'"`,
      `  300     0    0  255        1  1  1    "Aorta"`,
      '',
    ]);
  });

  it('lies beside the label map', async () => {
    expect(labelTableOf('a.b/liver.nii.gz')).toBe('a.b/liver.label');
    await writeLabelTable(file('x.nii.gz'), ROWS);
    expect(await readLabelTable(file('x.nii.gz'), '--labels')).toMatchObject([
      { number: 5, label: "Leber 'links'", color: [221, 84, 84] },
      { number: 300, label: 'Aorta' },
    ]);
    expect(await readLabelTable(file('y.nii.gz'), '--labels')).toBeUndefined();
  });

  it('is not any other text', async () => {
    await writeFile(file('x.txt'), 'Notes about x\n');
    expect(await readLabelTable(file('x.nii'), '--labels')).toBeUndefined();
    expect(parseLabelTable('  1 2 3 4 1 1 1 "One"\nrubbish')).toHaveLength(1);
  });

  it('does not replace the table of the labels, or another file', async () => {
    await writeLabelTable(file('x.nii.gz'), ROWS);
    await checkLabelTable(file('x.nii'), file('other.nii'));
    await expect(checkLabelTable(file('x.nii'), file('x.nii.gz'))).rejects.toThrow(
      'would replace the label table of --labels',
    );
    await writeFile(file('z.label'), 'not a table');
    await expect(checkLabelTable(file('z.nii'), undefined)).rejects.toThrow('is no label table');
  });

  it('has each value once', async () => {
    await writeFile(file('x.label'), '1 2 3 4 1 1 1 "One"\n1 2 3 4 1 1 1 "Two"\n');
    await expect(readLabelTable(file('x.nii'), '--labels')).rejects.toThrow('the value 1 twice');
  });
});
