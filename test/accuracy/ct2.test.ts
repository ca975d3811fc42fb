/** The published method on a real CT: how good it must stay. Labels are a TotalSegmentator result. */
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATA, describeWith, fewshotSam } from '../cli/command';
import { slow, slowIt } from '../slow';

interface Wanted {
  /** Of the labelmap. */
  label: string;
  leastIou: number;
  /** Folder of the series, slices to learn from, and how many others there are. */
  dicom: string;
  shots: string;
  others: number;
}

describeWith(['command', 'model', 'data'], 'CT of the upper abdomen, 5 labeled slices', () => {
  const study = path.join(DATA, 'ct2_upper_abdomen_dicom');
  const whole = { dicom: path.join(study, 'dicom'), shots: '1,5,10,14,18', others: 15 };
  let folder: string;
  let half: typeof whole;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fewshot-ct2-'));
    half = { dicom: path.join(folder, 'half'), shots: '0,2,5,7,9', others: 5 };
    await mkdir(half.dicom);
    // File names follow the slices.
    const files = (await readdir(whole.dicom)).sort().filter((_, i) => i % 2 === 0);
    for (const file of files) {
      await cp(path.join(whole.dicom, file), path.join(half.dicom, file));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const segments = async ({ label, leastIou, dicom, shots, others }: Wanted) => {
    const { code, stdout, stderr } = await fewshotSam([
      ...['segment', '--image', dicom, '--labels', path.join(study, 'labels.nii.gz')],
      ...['--label', label, '--shots', shots, '--window', '-160,240', '--method', 'paper'],
      ...['--evaluate', '--json', '-', '--cache', path.join(folder, 'cache')],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    const row = JSON.parse(stdout);
    console.log(
      `IoU ${row.iou}, ASSD ${row.assd_mm} mm, ${row.encode_s} + ${row.fit_s} + ${row.apply_s} s, ${row.peak_rss_mb} MB`,
    );
    expect(row).toMatchObject({ slices: others, iterations: 50 });
    expect(row.iou).toBeGreaterThanOrEqual(leastIou);
    expect(row.assd_mm).toBeLessThan(3);
  };

  it(
    'segments the liver on every second slice',
    () => segments({ label: '5', leastIou: 0.9, ...half }),
    600_000,
  );
  // The same path, on all slices and for another label.
  slowIt()(
    slow('segments the liver on all slices'),
    () => segments({ label: '5', leastIou: 0.9, ...whole }),
    600_000,
  );
  slowIt()(
    slow('segments the aorta on all slices'),
    () => segments({ label: '52', leastIou: 0.8, ...whole }),
    600_000,
  );
});
