/** The review in the real viewer on the demo study: nothing is written before it is accepted. */
import { expect, test } from './fixtures';
import { readdirSync } from 'node:fs';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

/** The brain, about. */
const BRAIN = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };

// All tests show the same slices and outlines.
test.use({ keepEmbeddings: true });

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

test('by keyboard: propagate, reject two, accept the rest, store; one undo step, drawn slices stay', async ({
  page,
}) => {
  const look = (name: string) =>
    page.screenshot({ path: `test-results/review/keyboard-${name}.png` });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const drawn = await outline(ohif);

  await ohif.panel.getByRole('button', { name: /^Few-shot propagate/ }).focus();
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
  await expect(ohif.panel.getByRole('button', { name: 'Store to archive' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ohif.panel).toContainText('Stored in the archive');
  await page.locator('[data-cy="undo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(drawn);
  await page.locator('[data-cy="redo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(written);
});

test('reload while drawing: every stroke comes back, of two segmentations that overlap, too', async ({
  page,
}) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  await ohif.drawEllipses([5, 10], BRAIN);
  const masks = await ohif.masks();
  await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
  await ohif.addSecondSegmentation();
  await ohif.drawEllipses([7], { ...BRAIN, radiusX: 0.12 });
  await ohif.drawEllipses([10], { ...BRAIN, radiusY: 0.12 });
  const others = await ohif.masks();
  await expect.poll(() => ohif.keptDrafts()).toHaveLength(2);
  await expect.poll(() => ohif.asksBeforeLeaving()).toBe(false);

  await ohif.openStudy(site.url);
  await ohif.tab('fewshot');
  await expect(ohif.panel).toContainText('Restore what you drew on 3 slices?');
  await ohif.panel.getByRole('button', { name: 'Restore' }).click();
  const segmentation = ohif.panel.getByLabel('Segmentation', { exact: true });
  await expect(segmentation.getByRole('option')).toHaveCount(2);
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  expect(await ohif.masks()).toEqual(masks);
  await segmentation.selectOption({ index: 1 });
  await expect.poll(() => ohif.masks()).toEqual(others);
  await page.screenshot({ path: 'test-results/review/brought-back.png' });
});

test('reload mid-review: drawn slices, predictions and decisions come back', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const drawn = await outline(ohif);
  const masks = await ohif.masks();
  await ohif.propagate();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Enter');
  await expect.poll(() => ohif.leftToLookAt()).toBe(2);
  await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
  const [draft] = await ohif.keptDrafts();
  expect(draft.name).toMatch(/^[0-9a-f]{64}$/);
  await expect.poll(async () => (await ohif.keptDrafts())[0].text).toContain('rejected');

  await ohif.openStudy(site.url);
  await ohif.tab('fewshot');
  await expect(ohif.panel).toContainText('Continue the review of 3 slices?');
  expect(await ohif.segmentIndices()).toEqual([]);
  await page.screenshot({ path: 'test-results/review/reload-offer.png' });
  await ohif.panel.getByRole('button', { name: 'Continue' }).click();
  await ohif.expectReview();
  await expect.poll(() => ohif.leftToLookAt()).toBe(2);
  expect(await ohif.voxels()).toEqual(drawn);
  for (const [uid, mask] of Object.entries(await ohif.masks())) {
    expect(mask.equals(masks[uid])).toBe(true);
  }
  await page.screenshot({ path: 'test-results/review/reload-continued.png' });
  await ohif.acceptAll();
  expect(Object.keys(await ohif.voxels())).toHaveLength(2 + 3);

  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  await expect.poll(() => ohif.keptDrafts()).toEqual([]);

  // What is drawn from now on is not in the archive, and says so.
  await ohif.drawEllipses([19], BRAIN);
  await expect(ohif.panel).toContainText('Changed since it was stored');
  await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
});

test.describe('in an empty browser', () => {
  test.use({ keepEmbeddings: false });

  test(
    'two structures; a corrected slice is learned from, what was drawn and accepted stays',
    { tag: '@alone' },
    async ({ page }) => {
      const ohif = new Ohif(page);
      await ohif.openStudy(site.url);
      await outline(ohif);
      await ohif.panel.getByRole('button', { name: 'Add structure' }).click();
      await expect.poll(() => ohif.segmentIndices()).toEqual([1, 2]);
      const core = { ...BRAIN, radiusX: 0.08, radiusY: 0.08, y: 0.9 };
      await ohif.drawEllipses([5, 10], core, 2);
      await ohif.panel.getByRole('radio', { name: 'All outlined' }).check();
      const before = { 1: await ohif.masks(1), 2: await ohif.masks(2) };
      await ohif.propagate();
      const first = await ohif.runSeconds();
      await expect(ohif.panel.getByRole('slider', { name: /^Slice shown/ })).toHaveCount(2);

      await ohif.panel.getByRole('radio', { name: 'Segment 1', exact: true }).check();
      // In the choice itself, arrow keys choose.
      await ohif.panel.getByRole('heading', { name: 'Review the result' }).focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await expect(ohif.panel.getByText('1 accepted').first()).toBeVisible();
      const refine = ohif.panel.getByRole('button', { name: 'Refine' });
      await expect(refine).toHaveAccessibleDescription(/nothing new to learn from/);

      await ohif.panel.getByRole('button', { name: 'Edit this slice' }).click();
      await expect.poll(async () => Object.keys(await ohif.voxels(1)).length).toBe(3);
      expect(Object.keys(await ohif.voxels(2))).toHaveLength(2);
      const edited = await ohif.masks(1);
      await page.screenshot({ path: 'test-results/review/two-edited.png' });
      await refine.click();
      await expect(ohif.panel.getByRole('progressbar')).toBeVisible();
      await ohif.expectReview();
      // The slices are the same, and what the encoder saw of them is kept.
      const again = await ohif.runSeconds();
      expect(again, `first run ${first} s`).toBeLessThan(first / 2);
      expect(await ohif.masks(1)).toEqual(edited);
      await expect(ohif.panel.getByText('1 accepted').first()).toBeVisible();

      await ohif.acceptAll();
      const after = { 1: await ohif.masks(1), 2: await ohif.masks(2) };
      for (const segment of [1, 2] as const) {
        for (const [uid, mask] of Object.entries(before[segment])) {
          if (mask.includes(1)) expect(after[segment][uid].equals(mask)).toBe(true);
        }
      }
      expect(Object.values(after[1]).filter(mask => mask.includes(1))).toHaveLength(6);
      await page.locator('[data-cy="undo-btn"]').click();
      await expect.poll(async () => Object.keys(await ohif.voxels(1)).length).toBe(3);
      expect(Object.keys(await ohif.voxels(2))).toHaveLength(2);
      await expect(ohif.panel).toContainText('Continue the review of');
    },
  );
});

test('structures of two segmentations may overlap; each is stored by itself', async ({ page }) => {
  const stored = () => readdirSync(site.archive).filter(name => name.endsWith('.dcm')).length;
  const before = stored();
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const store = async () => {
    await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
    await expect(ohif.panel).toContainText('Stored in the archive');
  };
  await outline(ohif);
  await ohif.propagate();
  await ohif.acceptAll();
  await store();
  const brain = await ohif.masks();
  const first = await ohif.activeSegmentationId();

  await ohif.addSecondSegmentation();
  expect(await ohif.voxels()).toEqual({});
  await ohif.drawEllipses([5, 10], { ...BRAIN, radiusX: 0.12, radiusY: 0.15 });
  const drawn = await ohif.voxels();
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  await ohif.propagate();
  await ohif.acceptAll();
  await page.screenshot({ path: 'test-results/review/overlapping.png' });
  const core = await ohif.masks();
  const found = Object.keys(core).filter(uid => core[uid].includes(1) && !drawn[uid]);
  expect(found).toHaveLength(4);
  for (const uid of found) {
    const shared = core[uid].filter((value, i) => value && brain[uid][i]).length;
    expect(shared / core[uid].filter(Boolean).length).toBeGreaterThan(0.5);
  }
  await store();
  expect(stored()).toBe(before + 2);

  await page.locator('[data-cy="undo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(drawn);
  await ohif.chooseSegmentation(0);
  await expect.poll(() => ohif.activeSegmentationId()).toBe(first);
  expect(await ohif.masks(), 'nothing was taken from the first').toEqual(brain);
});

test('Finish pressed twice is one step; a segmentation removed while it refines comes back', async ({
  page,
}) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  const drawn = await outline(ohif);
  await ohif.propagate();
  await ohif.panel.getByRole('button', { name: /^Accept all/ }).click();
  await expect(ohif.panel).toContainText('3 of these 4 slices were never shown');
  await ohif.panel.getByRole('button', { name: 'Accept and finish' }).dblclick();
  await expect(ohif.panel.getByRole('button', { name: 'Store to archive' })).toBeVisible();
  expect(Object.keys(await ohif.voxels())).toHaveLength(6);
  await page.locator('[data-cy="undo-btn"]').click();
  await expect.poll(() => ohif.voxels()).toEqual(drawn);

  await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  await ohif.propagate();
  // By the wheel: what can be done with a slice follows the one shown.
  await ohif.scrollTo(7);
  await ohif.panel.getByRole('button', { name: 'Edit this slice' }).click();
  await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(3);
  const edited = await ohif.voxels();
  await ohif.panel.getByRole('button', { name: 'Refine' }).click();
  await expect(ohif.panel.getByRole('progressbar')).toBeVisible();
  await ohif.removeSegmentation();
  await expect(ohif.panel).toContainText('The segmentation was removed');
  await expect(ohif.panel).toContainText('What you drew on 3 slices is restored too');
  await page.screenshot({ path: 'test-results/review/removed.png' });
  await ohif.panel.getByRole('button', { name: 'Continue' }).click();
  await expect(ohif.panel).toContainText('Review the result');
  expect(await ohif.voxels()).toEqual(edited);
});
