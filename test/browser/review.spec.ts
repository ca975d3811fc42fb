/** The review in the real viewer on the demo study: nothing is written before it is accepted. */
import { expect, test } from '@playwright/test';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

/** The brain, about. */
const BRAIN = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

/** Two slices outlined; only those between them are segmented, to be quick. */
async function outline(ohif: Ohif): Promise<Record<string, number>> {
  await ohif.addSegmentation();
  await ohif.drawEllipses([5, 10], BRAIN);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  await ohif.chooseRange(5, 10);
  return ohif.voxels();
}

test('by keyboard: reject two, accept the rest, one undo step; drawn slices stay', async ({
  page,
}) => {
  const look = (name: string) =>
    page.screenshot({ path: `test-results/review/keyboard-${name}.png` });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const drawn = await outline(ohif);

  await ohif.panel.getByRole('button', { name: /^Propagate/ }).focus();
  await page.keyboard.press('Enter');
  await ohif.expectReview();
  expect(await ohif.voxels(), 'nothing is written yet').toEqual(drawn);
  expect(await ohif.segmentIndices()).toEqual([1]);

  const total = await ohif.leftToLookAt();
  expect(total).toBe(4);
  await page.keyboard.press('ArrowRight');
  await expect(ohif.predictions('predicted')).toHaveCount(1);
  await look('predicted');
  await page.keyboard.press('t');
  await expect(ohif.predictions('predicted')).toHaveCount(0);
  await page.keyboard.press('t');
  await expect(ohif.predictions('predicted')).toHaveCount(1);

  for (let i = 0; i < 2; i++) await page.keyboard.press('Delete');
  await expect.poll(() => ohif.leftToLookAt()).toBe(total - 2);
  for (let left = total - 2; left > 0; left--) {
    await page.keyboard.press('Enter');
    await expect.poll(() => ohif.leftToLookAt()).toBe(left - 1);
  }
  await look('decided');
  const finish = ohif.panel.getByRole('button', { name: /^Finish: write/ });
  await expect(finish).toHaveText(`Finish: write ${total - 2} accepted slices`);
  await expect(finish).toBeFocused();
  expect(await ohif.voxels()).toEqual(drawn);
  await page.keyboard.press('Enter');

  await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(2 + total - 2);
  const written = await ohif.voxels();
  for (const [uid, count] of Object.entries(drawn)) expect(written[uid]).toBe(count);
  await look('finished');
  await page.locator('[data-cy="undo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(drawn);
  await page.locator('[data-cy="redo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(written);
});
