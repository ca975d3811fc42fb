/**
 * The main walk in short, for `npm run test:viewers`: what differs between viewers shows on three
 * slices as well as on all. The pinned viewer has the whole walk, in walk.spec.ts.
 */
import { expect, test } from './fixtures';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.08, radiusY: 0.08 };

test.skip(!process.env.TEST_VIEWER, 'for npm run test:viewers');

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site?.stop());

test('outline, propagate, accept, store, reload, open what was stored', async ({ page }) => {
  const ohif = new Ohif(page, { tour: true });
  const { panel } = ohif;
  await ohif.openStudy(site.url);
  const tour = page.getByRole('dialog', { name: 'Outline a few slices' });
  await expect(tour).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tour).toBeHidden();
  const isolated = await page.evaluate(() => crossOriginIsolated);
  expect(isolated).toBe(!process.env.TEST_PLAIN_HEADERS);

  const drawn = await ohif.paintTwoSlices(DISK);
  const outlined = (await panel.getByRole('button', { name: /^Go to slice/ }).allInnerTexts()).map(
    Number,
  );
  await ohif.chooseRange(Math.min(...outlined), Math.max(...outlined));
  await ohif.propagate();
  expect(await ohif.voxels(), 'nothing is written before it is accepted').toEqual(drawn);
  await ohif.acceptAll();
  const masks = await ohif.masks();
  const propagated = await ohif.voxels();
  expect(propagated).toMatchObject(drawn);
  expect(Object.keys(propagated)).toHaveLength(3);
  await page.screenshot({ path: 'test-results/viewer-walk/accepted.png' });

  await panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(panel).toContainText('Stored in the archive');
  await ohif.openStudy(site.url);
  await ohif.openSegmentation();
  await expect.poll(() => ohif.voxels()).toEqual(propagated);
  expect(await ohif.masks()).toEqual(masks);
  await page.screenshot({ path: 'test-results/viewer-walk/opened.png' });
});
