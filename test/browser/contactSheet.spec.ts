/**
 * The contact sheet: in the gallery how it looks and works with few and with many slices; in the real viewer that
 * what was in sight counts as shown, and that nothing is written before the review is finished.
 */
import AxeBuilder from '@axe-core/playwright';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { buildGallery } from '../gallery/build';
import { expect, test } from './fixtures';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const BRAIN = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };

const look = (page: Page, name: string) =>
  page.screenshot({ path: path.join('test-results', 'contact-sheet', `${name}.png`) });
const sheet = (page: Page) => page.getByRole('dialog', { name: /^All slices/ });
const cell = (page: Page, slice: number) =>
  sheet(page).getByRole('gridcell', { name: new RegExp(`^Slice ${slice}:`) });

/** Share of the pixels of a cell's picture that are not black. */
const brightness = (page: Page, slice: number) =>
  cell(page, slice)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let bright = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i] + data[i + 1] + data[i + 2] > 60) bright++;
      return (4 * bright) / data.length;
    });

type LongFrame = PerformanceEntry & { scripts: { duration: number }[] };

test.describe('in the gallery', () => {
  let url = '';
  let folder = '';
  test.beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'fewshot-gallery-'));
    url = pathToFileURL(await buildGallery(folder)).href;
  });
  test.afterAll(() => rm(folder, { recursive: true, force: true }));

  const asked = (page: Page, state: string) =>
    page.evaluate(
      name => window.galleryStores[name].asked.filter(action => action.startsWith('decide')),
      state,
    );

  test('looks right at every size, and passes axe', async ({ page }) => {
    await page.goto(`${url}#contact-sheet`);
    await expect(sheet(page)).toBeVisible();
    for (const [width, height] of [
      [1600, 900],
      [1280, 720],
      [700, 500],
    ]) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => brightness(page, 11)).toBeGreaterThan(0.3);
      await look(page, `gallery-${width}`);
      const box = (await sheet(page).boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
    }
    const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
  });

  test('by keyboard: least sure first, arrows move, Space and R reject, Enter accepts the rest', async ({
    page,
  }) => {
    await page.goto(`${url}#review`);
    await page.getByRole('heading', { name: 'Review the result' }).focus();
    await page.keyboard.press('a');
    const cells = sheet(page).getByRole('gridcell');
    await expect(cells).toHaveCount(10);
    await expect(cells.first()).toBeFocused();
    await expect(cells.first()).toHaveAccessibleName(
      /^Slice 12: segmented, to decide, expected Dice/,
    );
    await page.keyboard.press('Space');
    await expect(cells.first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('r');
    await page.keyboard.press('r');
    await page.keyboard.press('End');
    await expect(cells.last()).toBeFocused();
    await expect(sheet(page).getByRole('status')).toHaveText('10 slices: 1 rejected, 9 to decide.');
    await sheet(page).getByRole('radio', { name: 'By position' }).check();
    await expect(cells.first()).toHaveAccessibleName(/^Slice 5:/);
    await page.keyboard.press('Escape');
    await expect(sheet(page)).toHaveCount(0);
    await page.keyboard.press('a');
    await expect.poll(() => brightness(page, 17)).toBeGreaterThan(0.3);
    await page.keyboard.press('Enter');
    // All were in sight, so there is no question; the next Enter finishes.
    await expect(sheet(page)).toHaveCount(0);
    await expect(
      page.getByRole('button', { name: 'Finish: write 9 accepted slices' }),
    ).toBeFocused();
    expect(await asked(page, 'review')).toEqual([
      'decideSlices 11 rejected',
      expect.stringMatching(/^decideSlices \d+ rejected/),
      expect.stringMatching(/^decideSlices \d+ null/),
      expect.stringMatching(/^decideSlices( \d+){9} accepted/),
    ]);
  });

  test(
    '501 slices: drawn as they come into sight, no long task, unseen ones raise the question',
    { tag: '@alone' },
    async ({ page }) => {
      await page.setViewportSize({ width: 1600, height: 900 });
      await page.goto(`${url}#contact-sheet-long`);
      // As `Ohif.watchLongTasks`: the gallery's own scripts, not the browser's painting.
      await page.evaluate(() => {
        window.longestTask = 0;
        new PerformanceObserver(list => {
          for (const frame of list.getEntries() as LongFrame[]) {
            for (const { duration } of frame.scripts)
              window.longestTask = Math.max(window.longestTask, duration);
          }
        }).observe({ type: 'long-animation-frame' });
        // A task of known length must be seen, or the watch proves nothing.
        setTimeout(() => {
          for (const end = Date.now() + 150; Date.now() < end;);
        });
      });
      const longestTask = () => page.evaluate(() => window.longestTask);
      await expect.poll(longestTask).toBeGreaterThan(140);
      const openAndScroll = async () => {
        await page.evaluate(() => (window.longestTask = 0));
        await page.getByRole('button', { name: 'All slices' }).click();
        await expect.poll(() => sheet(page).locator('canvas').count()).toBeGreaterThan(20);
        expect(await sheet(page).locator('canvas').count()).toBeLessThan(90);
        await sheet(page).locator('.fs-sheet-scroll').hover();
        for (let turn = 0; turn < 6; turn++) {
          await page.mouse.wheel(0, 300);
          await page.waitForTimeout(60);
        }
        await page.waitForTimeout(600);
        return longestTask();
      };
      // Another process may make any task long, but not the same one each time.
      const longest: number[] = [];
      for (let time = 0; time < 3; time++) {
        longest.push(await openAndScroll());
        if (time < 2) await page.keyboard.press('Escape');
      }
      expect(Math.min(...longest), longest.join(', ')).toBeLessThan(50);
      await expect(sheet(page).getByRole('status')).toHaveText(
        '501 slices: 0 rejected, 501 to decide.',
      );
      const rows = Number(await sheet(page).getByRole('grid').getAttribute('aria-rowcount'));
      expect(rows).toBeGreaterThan(40);
      await look(page, 'gallery-long');
      await page.keyboard.press('Enter');
      await expect(sheet(page).getByText(/of these \d+ slices were never shown/)).toBeVisible();
      await look(page, 'gallery-unseen');
      await page.keyboard.press('Escape');
      await expect(sheet(page)).toBeVisible();
      await expect(sheet(page).getByText('never shown')).toHaveCount(0);
    },
  );
});

test.describe('in the viewer', () => {
  let site: Site;
  test.beforeAll(async () => {
    site = await startSite();
  });
  test.afterAll(() => site.stop());

  test('a click rejects, a double click opens the slice, Enter accepts the rest unasked', async ({
    page,
  }) => {
    const ohif = new Ohif(page);
    await ohif.openStudy(site.url);
    await ohif.addSegmentation();
    await ohif.drawEllipses([5, 10], BRAIN);
    await ohif.tab('fewshot');
    await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
    await ohif.chooseRange(5, 10);
    const drawn = await ohif.voxels();
    await ohif.propagate();

    await ohif.panel.getByRole('button', { name: 'All slices' }).click();
    await expect(sheet(page).getByRole('gridcell')).toHaveCount(4);
    for (const slice of [6, 7, 8, 9]) {
      await expect.poll(() => brightness(page, slice)).toBeGreaterThan(0.3);
    }
    await look(page, 'viewer');
    await cell(page, 8).click();
    await expect(cell(page, 8)).toHaveAttribute('aria-selected', 'true');
    await look(page, 'viewer-rejected');
    await cell(page, 7).dblclick();
    await expect(sheet(page)).toHaveCount(0);
    await expect(ohif.panel).toContainText('Slice 7: segmented, to decide');
    await expect.poll(() => ohif.leftToLookAt()).toBe(3);
    await page.keyboard.press('a');
    await page.keyboard.press('Enter');
    await expect(sheet(page)).toHaveCount(0);
    await look(page, 'viewer-accepted');
    const finish = ohif.panel.getByRole('button', { name: 'Finish: write 3 accepted slices' });
    await expect(finish).toBeFocused();
    expect(await ohif.voxels(), 'nothing is written yet').toEqual(drawn);
    await page.keyboard.press('Enter');
    await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(2 + 3);
    await page.locator('[data-cy="undo-btn"]').click();
    await expect.poll(() => ohif.voxels()).toEqual(drawn);
  });
});
