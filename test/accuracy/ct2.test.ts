/** The published method on a real CT: how good it must stay. Labels are a TotalSegmentator result. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DATA, describeWith, fewshotSam } from '../cli/command';
import { slow, slowIt } from '../slow';

describeWith(
  ['command', 'model', 'data'],
  'CT of the upper abdomen, 5 labelled slices of 20',
  () => {
    let cache: string;
    beforeAll(async () => {
      cache = await mkdtemp(path.join(tmpdir(), 'fewshot-cache-'));
    });
    afterAll(() => rm(cache, { recursive: true, force: true }));

    const folder = path.join(DATA, 'ct2_upper_abdomen_dicom');

    const segments = async (label: string, leastIou: number) => {
      const { code, stdout, stderr } = await fewshotSam([
        'segment',
        ...['--image', path.join(folder, 'dicom'), '--labels', path.join(folder, 'labels.nii.gz')],
        ...[
          '--label',
          label,
          '--shots',
          '1,5,10,14,18',
          '--window',
          '-160,240',
          '--method',
          'paper',
        ],
        ...['--evaluate', '--json', '-', '--cache', cache],
      ]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
      const row = JSON.parse(stdout);
      console.log(
        `IoU ${row.iou}, ASSD ${row.assd_mm} mm, ${row.encode_s} + ${row.fit_s} + ${row.apply_s} s, ${row.peak_rss_mb} MB`,
      );
      expect(row).toMatchObject({ slices: 15, iterations: 50 });
      expect(row.iou).toBeGreaterThanOrEqual(leastIou);
      expect(row.assd_mm).toBeLessThan(3);
    };

    it('segments the liver', () => segments('5', 0.9), 600_000);
    // Another label on the same path.
    slowIt()(slow('segments the aorta'), () => segments('52', 0.8), 600_000);
  },
);
