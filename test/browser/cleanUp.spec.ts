/**
 * Clean-up of a result: in the gallery how its preview looks and works by keyboard; in the real viewer that a
 * preview changes nothing, that it is applied to what is written, and that undo takes it back.
 */
import AxeBuilder from '@axe-core/playwright';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildGallery } from '../gallery/build';
import { expect, test } from './fixtures';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

/** A disk with a hole, in the brain of the demo study. */
const RING = Uint8Array.from({ length: 256 * 256 }, (_, i) => {
  const distance = Math.hypot((i % 256) - 129, Math.floor(i / 256) - 123);
  return Number(distance <= 60 && distance > 15);
});

test('the preview by keyboard: it opens, says what changes, applies and cancels; axe agrees', async ({
  page,
}) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fewshot-gallery-'));
  const url = pathToFileURL(await buildGallery(folder)).href;
  const asked = (state: string) => page.evaluate(name => window.galleryStores[name].asked, state);
  await page.setViewportSize({ width: 400, height: 900 });
  await page.goto(`${url}#clean-up`);
  const preview = page.getByRole('alertdialog', { name: 'Preview of the clean-up' });
  await expect(preview).toContainText('Smooth: 3 slices change, 523 voxels added, 214 removed.');
  await expect(preview).toBeInViewport({ ratio: 1 });
  await preview.getByRole('button', { name: 'Show next' }).click();
  expect(await asked('clean-up')).toEqual(['goToSlice 7']);
  await page.screenshot({ path: 'test-results/clean-up/gallery-preview.png' });
  const { violations } = await new AxeBuilder({ page }).include('.fewshot').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(preview).toHaveCount(0);

  await page.goto('about:blank');
  await page.goto(`${url}#review`);
  await page.locator('summary', { hasText: 'Clean up' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Fill holes' })).toBeFocused();
  await page.screenshot({ path: 'test-results/clean-up/gallery-open.png' });
  await page.keyboard.press('Enter');
  await expect(preview.getByRole('button', { name: 'Apply' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Fill holes: 3 slices changed. Ctrl+Z takes it back.')).toBeVisible();
  expect(await asked('review')).toEqual(['cleanUp holes', 'applyCleanUp']);
  await rm(folder, { recursive: true, force: true });
});

test.describe('in the viewer', () => {
  let site: Site;
  test.beforeAll(async () => {
    site = await startSite();
  });
  test.afterAll(() => site.stop());

  test('nothing is written by a preview; Apply is one undo step; outlines stay', async ({
    page,
  }) => {
    const look = (name: string) => page.screenshot({ path: `test-results/clean-up/${name}.png` });
    const undo = page.locator('[data-cy="undo-btn"]');
    const ohif = new Ohif(page);
    await ohif.openStudy(site.url);
    await ohif.addSegmentation();
    const uids = await ohif.shownUids();
    await ohif.draw(Object.fromEntries([5, 10].map(slice => [uids[slice - 1], RING])));
    await ohif.tab('fewshot');
    await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
    await ohif.chooseRange(5, 10);
    const drawn = await ohif.masks();
    await ohif.propagate();

    await ohif.panel.getByText('Clean up', { exact: true }).click();
    await ohif.panel.getByRole('button', { name: 'Largest piece' }).click();
    await expect(ohif.panel).toContainText('Largest piece: nothing to change.');
    await ohif.panel.getByRole('button', { name: 'Fill holes' }).click();
    const preview = ohif.panel.getByRole('alertdialog', { name: 'Preview of the clean-up' });
    await expect(preview).toContainText(/Fill holes: 4 slices change, \d{3,} voxels added/);
    await expect(preview).toBeInViewport({ ratio: 1 });
    await expect(ohif.predictions('before')).toHaveCount(1);
    await expect(ohif.viewport).toContainText('before the clean-up');
    await look('viewer-preview');
    expect(await ohif.masks(), 'nothing is written by a preview').toEqual(drawn);
    await preview.getByRole('button', { name: 'Apply' }).click();
    await expect(ohif.predictions('before')).toHaveCount(0);
    await expect(ohif.panel).toContainText('Fill holes: 4 slices changed. Ctrl+Z takes it back.');
    await look('viewer-applied');
    await ohif.acceptAll();
    const filled = await ohif.masks();

    // The first undo takes the writing back, the second the clean-up.
    await undo.click();
    await expect.poll(() => ohif.masks()).toEqual(drawn);
    await undo.click();
    await ohif.panel.getByRole('button', { name: 'Continue' }).click();
    await ohif.expectReview();
    await ohif.panel.getByRole('button', { name: 'Finish: write 4 accepted slices' }).click();
    await expect(ohif.panel.getByRole('button', { name: 'Store to archive' })).toBeVisible();
    const plain = await ohif.masks();
    const found = Object.keys(plain).filter(
      uid => !drawn[uid]?.includes(1) && plain[uid].includes(1),
    );
    expect(found).toHaveLength(4);
    const center = 123 * 256 + 129;
    for (const uid of found) expect([plain[uid][center], filled[uid][center]]).toEqual([0, 1]);
    for (const [uid, mask] of Object.entries(drawn)) {
      if (!mask.includes(1)) continue;
      expect(filled[uid].equals(mask)).toBe(true);
      expect(plain[uid].equals(mask)).toBe(true);
    }
  });
});
