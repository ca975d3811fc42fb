/**
 * Segmentations of matrices that viewers stumble over: from Orthanc and from the demo server, written as
 * the panel writes them, opened in the viewer, and compared voxel by voxel. `npm run test:viewers` runs it
 * in each viewer.
 */
import { expect, test } from './fixtures';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { textOf } from '../../dicom/src/data/naturalized';
import { hasOrthanc, LACKING, Orthanc } from '../pacs/orthanc';
import { Ohif } from './ohif';
import { filesOf, mrSeries, segmentOn } from './segMatrices';
import { startSite, type Site } from './site';

interface Case {
  name: string;
  rows: number;
  columns: number;
  /** Slices of each segment. */
  segments: number[][];
  /** What AUTOMATIC must choose. */
  type: string;
  frames: number;
}

const SLICES = 6;
const CASES: Case[] = [
  {
    name: 'frames of no whole bytes, odd sum',
    ...{ rows: 210, columns: 210, segments: [[0, 1, 2, 3, 4]], type: 'LABELMAP', frames: 5 },
  },
  {
    name: 'frames of no whole bytes, even sum',
    ...{
      rows: 210,
      columns: 210,
      segments: [
        [0, 1],
        [2, 3],
      ],
      type: 'LABELMAP',
      frames: 4,
    },
  },
  {
    name: 'frames of whole bytes, odd sum',
    ...{
      rows: 210,
      columns: 212,
      segments: [
        [0, 1, 2],
        [3, 4],
      ],
      type: 'BINARY',
      frames: 6,
    },
  },
  {
    name: 'odd frames, odd sum, on every slice but one',
    ...{ rows: 205, columns: 205, segments: [[0, 1, 2, 3, 4]], type: 'LABELMAP', frames: 6 },
  },
];

const made = CASES.map((each, index) => {
  const root = `2.25.7700${index + 1}`;
  const matrix = { ...each, slices: SLICES };
  const series = mrSeries(matrix, root);
  const segments = each.segments.map((slices, i) =>
    segmentOn(`Part ${i + 1}`, matrix, slices, [60 + 60 * i, 100]),
  );
  const seg = createSegmentation(series, segments, {
    segmentationType: 'AUTOMATIC',
    seriesNumber: 9,
  });
  const files = [...filesOf(series), new Uint8Array(encodePart10(seg))];
  return { ...each, study: `${root}.1`, series, segments, seg, files };
});

for (const archive of ['Orthanc', 'the demo server']) {
  test.describe(archive, () => {
    test.skip(
      archive === 'the demo server' && hasOrthanc && !process.env.TEST_VIEWER,
      'npm run test:viewers opens them in four viewers; here Orthanc serves the same files',
    );
    test.skip(archive === 'Orthanc' && !hasOrthanc, `${LACKING} is not installed`);
    let folder: string;
    let orthanc: Orthanc | undefined;
    let site: Site;

    test.beforeAll(async () => {
      const files = made.flatMap(each => each.files);
      if (archive === 'Orthanc') {
        orthanc = await Orthanc.start();
        for (const file of files) await orthanc.add(file);
        site = await startSite('--dicomweb', orthanc.dicomWeb);
      } else {
        folder = mkdtempSync(path.join(tmpdir(), 'fewshot-matrices-'));
        files.forEach((file, i) => writeFileSync(path.join(folder, `${i}.dcm`), file));
        site = await startSite('--dicom', folder);
      }
    });
    test.afterAll(async () => {
      await site?.stop();
      await orthanc?.remove();
      if (folder) rmSync(folder, { recursive: true });
    });

    for (const { name, study, series, segments, seg, type, frames } of made) {
      test(`${name}: ${String(seg.Columns)} x ${String(seg.Rows)}`, async ({ page }) => {
        expect(seg.SegmentationType).toBe(type);
        expect(Number(seg.NumberOfFrames)).toBe(frames);
        const ohif = new Ohif(page);
        await ohif.openStudy(site.url, study);
        await ohif.openSegmentation();
        await expect.poll(() => ohif.segmentIndices()).toEqual(segments.map((_, i) => i + 1));
        for (const [i, { masks }] of segments.entries()) {
          const expected = Object.fromEntries(
            [...masks].map(([slice, mask]) => [textOf(series[slice], 'SOPInstanceUID'), mask]),
          );
          const counts = Object.fromEntries(
            Object.entries(expected).map(([uid, mask]) => [uid, mask.reduce((a, b) => a + b, 0)]),
          );
          await expect.poll(() => ohif.voxels(i + 1)).toEqual(counts);
          const found = await ohif.masks(i + 1);
          for (const [uid, mask] of Object.entries(expected)) {
            expect(found[uid].equals(mask), `part ${i + 1} on ${uid}`).toBe(true);
          }
        }
      });
    }
  });
}
