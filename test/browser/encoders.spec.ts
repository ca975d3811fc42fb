/** The viewer with LiteMedSAM, which one line of the site's configuration chooses. */
import { expect, test } from './fixtures';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeIdentifiedStudy } from './identifiedStudy';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const MODEL = path.resolve('public/models/lite-medsam/encoder.safetensors');
const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };

test.skip(!existsSync(MODEL), 'Run `npm run setup -- --model lite-medsam` first.');

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-encoders-'));
  writeIdentifiedStudy(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true });
});

test('outline, propagate with LiteMedSAM; its files are loaded, those of MobileSAM are not', async ({
  page,
}) => {
  let model = 'lite-medsam';
  await page.route('**/app-config.js', async route => {
    const response = await route.fetch();
    const body = `${await response.text()}\nwindow.config.fewshot = ${JSON.stringify({ model })};`;
    await route.fulfill({ response, body });
  });
  const loaded: string[] = [];
  page.on('request', request => {
    const file = /\/models\/(.*\.(json|safetensors))$/.exec(request.url());
    if (file) loaded.push(file[1]);
  });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const drawn = await ohif.paintTwoSlices(DISK);
  await ohif.propagateButton.click();
  await expect(ohif.panel.getByRole('button', { name: /^Accept/ }).first()).toBeVisible({
    timeout: 180_000,
  });
  await page.screenshot({ path: 'test-results/encoders/review.png' });
  expect(loaded).toEqual(expect.arrayContaining(['lite-medsam/manifest.json']));
  expect(loaded.filter(file => !file.startsWith('lite-medsam/'))).toEqual([]);
  await ohif.acceptAll();
  await expect
    .poll(async () => Object.keys(await ohif.voxels()).length)
    .toBeGreaterThan(Object.keys(drawn).length);

  await test.step('a model that is not there', async () => {
    model = 'no-such-model';
    await ohif.openStudy(site.url);
    await ohif.paintTwoSlices(DISK);
    await ohif.propagateButton.click();
    await expect(ohif.panel).toContainText('models/no-such-model/manifest.json');
  });
});
