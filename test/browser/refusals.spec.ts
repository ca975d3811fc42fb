/** What cannot be propagated is refused in the user's words, and nothing is changed. */
import { expect, test } from './fixtures';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBadSeries } from './badSeries';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.08, radiusY: 0.08 };

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-bad-series-'));
  writeBadSeries(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

test('nothing drawn, one slice only, a segment of another series', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  await ohif.tab('fewshot');
  await ohif.expectRefused('Add a structure');

  await ohif.addSegmentation();
  await ohif.tab('fewshot');
  await ohif.expectRefused('Nothing is outlined for Segment 1 on this series.');
  await ohif.expectRefused('Outline the structure on at least 2 slices with the brush');

  await ohif.chooseBrush();
  await ohif.setBrushRadius(9);
  await ohif.paintSlices({ 1: DISK });
  await ohif.tab('fewshot');
  await ohif.expectRefused('Only slice 2 is outlined.');
  await ohif.expectRefused('Outline the structure on at least 2 slices.');

  await ohif.showSeries('OTHER');
  await ohif.expectRefused();
});

test('series that cannot be propagated through', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.tab('fewshot');
  for (const [series, message, remedy] of [
    ['COLOR', 'These are color images (RGB).', 'Choose a grayscale series'],
    ['SINGLE', 'This series has a single image', 'Choose a series with at least 3 slices.'],
    [
      'MULTI FRAME',
      'This is a multi-frame image that does not say where each of its frames lies.',
      'Choose an enhanced CT or MR image',
    ],
    [
      'NO GEOMETRY',
      'This series has no usable Image Orientation (Patient)',
      'Choose a series with full geometry',
    ],
  ]) {
    await test.step(series, async () => {
      await ohif.showSeries(series);
      await ohif.expectRefused(message);
      await ohif.expectRefused(remedy);
    });
  }
});

test('the model file is missing, truncated, altered', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  const drawn = await ohif.paintTwoSlices(DISK);
  for (const [what, answer, message] of [
    ['missing', { status: 404, body: 'Not found.' }, 'The server answered 404 for the model file'],
    ['truncated', { status: 200, body: Buffer.alloc(1000) }, 'decoder.safetensors has 1000 bytes'],
    ['altered', null, 'decoder.safetensors was altered'],
  ] as const) {
    await test.step(what, async () => {
      await page.route('**/decoder.safetensors', async route => {
        if (answer) return route.fulfill(answer);
        const response = await route.fetch();
        const body = await response.body();
        body[body.length - 1] ^= 1;
        return route.fulfill({ response, body });
      });
      await ohif.propagateButton.click();
      await expect(ohif.panel).toContainText(message);
      await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeEnabled();
      expect(await ohif.voxels()).toEqual(drawn);
      await page.screenshot({ path: `test-results/refusals/model-${what}.png` });
      await page.unroute('**/decoder.safetensors');
    });
  }
});
