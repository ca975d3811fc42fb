/** Tilted and uneven series at the command line: the result keeps the position of every slice. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { COLUMNS, ROWS, writeOddSeries } from '../browser/oddSeries';
import { expectSame, placesOn } from '../dicom/places';
import { readFolder } from '../dicom/sources';
import { hasPydicom, placesWithPydicom, testIf } from '../dicom/tools';
import { describeWith, fewshotSam } from './command';

const SHOTS = [0, 2, 5];
const SLICES = [0, 1, 2, 3, 4, 5];
/** A box: interpolated between equal boxes, it is the same on every slice. */
const BOX = Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => {
  const [row, column] = [Math.floor(i / COLUMNS), i % COLUMNS];
  return Number(row > 4 && row < 15 && column > 6 && column < 19);
});

jest.setTimeout(120_000);

describeWith(['command'], 'fewshot-sam on slices that are no straight, even stack', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fewshot-tilted-'));
    writeOddSeries(folder, path.join(folder, 'together'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function prepare(name: string) {
    const image = path.join(folder, name);
    const instances = readFolder(image).map(({ instance }) => instance);
    const segment = {
      label: '1',
      color: [221, 84, 84] as [number, number, number],
      algorithmType: 'MANUAL' as const,
    };
    const drawn = { ...segment, masks: new Map(SHOTS.map(slice => [slice, BOX])) };
    const labels = `${image}-labels.dcm`;
    writeFileSync(labels, new Uint8Array(encodePart10(createSegmentation(instances, [drawn]))));
    const args = [
      ...['segment', '--image', image, '--labels', labels, '--label', '1'],
      ...['--shots', SHOTS.join(','), '--method', 'interpolate', '--cache', 'none'],
    ];
    return { image, instances, args };
  }

  for (const [name, note] of [
    ['tilted gantry', 'tilted by 15.0°'],
    ['two spacings', 'unevenly spaced (2.5 to 3 mm)'],
    ['slices missing', 'About 2 slices look missing between slices 2 and 3'],
  ]) {
    testIf(hasPydicom, 'python3-pydicom')(`${name}: the SEG lies on the slices`, async () => {
      const { image, instances, args } = prepare(name);
      const out = `${image}-out.dcm`;
      const { code, stderr } = await fewshotSam([...args, '--out', out]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(note) });
      // Rows are shared: no path, which may name a patient, is in them.
      expect(stderr).toContain('Note: --image: ');
      expect(stderr).not.toContain(folder);
      const [places] = placesWithPydicom([out]);
      const whole = { label: '1', masks: new Map(SLICES.map(slice => [slice, BOX])) };
      expectSame(places, placesOn(instances, [whole]), instances);
    });
  }

  it('says what a NIfTI file of a tilted series looks like', async () => {
    const { image, args } = prepare('tilted gantry');
    const json = `${image}.json`;
    const { code, stderr } = await fewshotSam([
      ...args,
      ...['--out', `${image}-out.nii.gz`, '--json', json],
    ]);
    const note =
      '--out: the slices are tilted, so the NIfTI file has a sheared sform and no qform.';
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`Note: ${note}`) });
    expect(JSON.parse(readFileSync(json, 'utf8')).notes).toEqual([
      '--image: The slices are tilted by 15.0° (gantry tilt). They are segmented in their own plane; other planes cannot be reconstructed.',
      note,
    ]);
  });

  it('refuses slices across a tilted series, and NIfTI of an uneven one', async () => {
    const tilted = await fewshotSam([
      ...prepare('tilted gantry').args,
      '--axis',
      'coronal',
      '--json',
      '-',
    ]);
    expect(tilted).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('tilted by 15.0 degrees: it has no coronal slices'),
    });
    expect(tilted.stderr).toContain('Use --axis axial');
    const out = path.join(folder, 'out.nii.gz');
    const uneven = await fewshotSam([...prepare('two spacings').args, '--out', out]);
    expect(uneven).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('only evenly spaced slices'),
    });
    expect(uneven.stderr).toContain('.dcm');
  });
});
