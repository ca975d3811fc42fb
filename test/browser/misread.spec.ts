/**
 * A BINARY segmentation whose frames are no whole bytes, as other software writes it: OHIF 3.13 and 3.14
 * scramble it without an error. The panel says so, and puts it right when asked.
 */
import { expect, test } from './fixtures';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { textOf } from '../../dicom/src/data/naturalized';
import { Ohif } from './ohif';
import { filesOf, mrSeries, segmentOn } from './segMatrices';
import { startSite, type Site } from './site';

const matrix = { rows: 210, columns: 210, slices: 6 };
const root = '2.25.77010';
const series = mrSeries(matrix, root);
const segments = [
  segmentOn('Part 1', matrix, [0, 1], [60, 100]),
  segmentOn('Part 2', matrix, [2, 3], [120, 100]),
];
const seg = createSegmentation(series, segments, { segmentationType: 'BINARY', seriesNumber: 9 });

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-misread-'));
  [...filesOf(series), new Uint8Array(encodePart10(seg))].forEach((file, i) =>
    writeFileSync(path.join(folder, `${i}.dcm`), file),
  );
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true });
});

/** Whether the viewer shows every segment as the file holds it. */
async function isAsStored(ohif: Ohif): Promise<boolean> {
  for (const [i, { masks }] of segments.entries()) {
    const found = await ohif.masks(i + 1);
    for (const [slice, source] of series.entries()) {
      const shown = found[textOf(source, 'SOPInstanceUID')];
      const stored = masks.get(slice) ?? new Uint8Array(matrix.rows * matrix.columns);
      if (!shown?.equals(stored)) return false;
    }
  }
  return true;
}

test('what the viewer scrambles is named, and put right in one step', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url, `${root}.1`);
  await ohif.openSegmentation();
  await expect.poll(() => ohif.segmentIndices()).toEqual([1, 2]);
  await ohif.tab('fewshot');
  // 3.11 and 3.12 read it right: nothing is said.
  if (await isAsStored(ohif)) {
    await expect(ohif.panel).toContainText('Part 1');
    await expect(ohif.panel).not.toContainText('Comparing it with its file');
    await expect(ohif.panel).not.toContainText('wrong');
    return;
  }
  const warning = ohif.panel.getByRole('region', { name: /^OHIF misread this segmentation/ });
  await expect(warning).toContainText('Part 1 on 1 slice');
  await expect(warning).toContainText('Part 2 on 1 slice');
  await expect(ohif.panel).toContainText('results learned from them will be wrong too');
  await expect(ohif.panel.getByRole('button', { name: /^Few-shot propagate/ })).toBeVisible();
  await warning.getByRole('button', { name: 'Show as stored' }).click();
  await expect(warning).toBeHidden();
  expect(await isAsStored(ohif)).toBe(true);
  await expect(ohif.panel).not.toContainText('wrong');
  await page.screenshot({ path: 'test-results/misread-corrected.png' });
  await page.locator('[data-cy="undo-btn"]').click();
  await expect(warning).toBeVisible();
  await page.screenshot({ path: 'test-results/misread.png' });
});
