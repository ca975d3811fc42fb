/** A new user's first walk, in the real viewer on the demo study, by mouse. */
import { expect, test } from '@playwright/test';
import { Ohif, type Ellipse } from './ohif';
import { startSite, type Site } from './site';

/** The brain on three of the 19 slices, by position in the stack. */
const BRAIN: Record<number, Ellipse> = {
  2: { x: 0.505, y: 0.49, radiusX: 0.215, radiusY: 0.275 },
  5: { x: 0.51, y: 0.475, radiusX: 0.26, radiusY: 0.315 },
  8: { x: 0.503, y: 0.48, radiusX: 0.28, radiusY: 0.325 },
};

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test('outline on 3 slices, propagate, accept, store, reload, open what was stored', async ({
  page,
}) => {
  const screenshots = { page, step: 0 };
  const look = (name: string) =>
    screenshots.page.screenshot({
      path: `test-results/walk/${++screenshots.step}-${name}.png`,
    });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await look('study');

  await ohif.addSegmentation();
  await ohif.chooseBrush();
  await ohif.setBrushRadius(9);
  await ohif.paintSlices(BRAIN);
  const drawn = await ohif.voxels();
  expect(Object.keys(drawn)).toHaveLength(3);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await look('outlined');

  await ohif.propagateButton.click();
  await expect(ohif.panel.getByRole('progressbar')).toBeVisible();
  await expect(ohif.panel).toContainText('Looking at the outlined slices', { timeout: 120_000 });
  await look('looking');
  await ohif.expectReview();
  expect(await ohif.voxels(), 'nothing is written before it is accepted').toEqual(drawn);
  await ohif.scrollTo(6);
  await expect(ohif.predictions('predicted')).toHaveCount(1);
  await look('review');

  await ohif.acceptAll();
  const propagated = await ohif.voxels();
  for (const [uid, count] of Object.entries(drawn)) expect(propagated[uid]).toBe(count);
  expect(Object.keys(propagated).length).toBeGreaterThan(8);
  await expect(ohif.predictions('predicted')).toHaveCount(0);
  await look('accepted');
  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  await look('stored');

  await ohif.openStudy(site.url);
  await ohif.openSegmentation();
  await expect.poll(() => ohif.voxels()).toEqual(propagated);
  await ohif.scrollTo(6);
  await look('reopened');
});
