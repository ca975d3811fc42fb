/** A new user's first walk, in the real viewer on the demo study, by mouse. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from './fixtures';
import { Ohif, type Ellipse } from './ohif';
import { startSite, type Site } from './site';

/** The brain on three of the 19 slices, by position in the stack. */
const BRAIN: Record<number, Ellipse> = {
  2: { x: 0.505, y: 0.49, radiusX: 0.215, radiusY: 0.275 },
  5: { x: 0.51, y: 0.475, radiusX: 0.26, radiusY: 0.315 },
  8: { x: 0.503, y: 0.48, radiusX: 0.28, radiusY: 0.325 },
};

// Each takes as long as other files: two workers take one each.
test.describe.configure({ mode: 'parallel' });

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
  await ohif.setBrushRadius(32);
  await ohif.paintSlices(BRAIN, 0.11);
  const drawn = await ohif.voxels();
  expect(Object.keys(drawn)).toHaveLength(3);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await look('outlined');

  await ohif.propagateButton.click();
  await expect(ohif.panel.getByRole('progressbar')).toBeVisible();
  await expect(ohif.panel).toContainText('Encoding the outlined slices', { timeout: 120_000 });
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

/** Steps of the tour, and what each points at. */
const TOUR: [string, string][] = [
  ['Outline a few slices', '.fs-add-structure'],
  ['See what to do next', '.fewshot'],
  ['Few-shot propagate', '[data-cy="FewshotPropagate"] button'],
  ['Review the result', '[data-cy="viewport-pane"]'],
  ['Store it', '.fewshot'],
];

/** How far two elements are apart, in pixels; 0 where they touch. */
async function gap(first: Locator, second: Locator): Promise<number> {
  const [a, b] = (await Promise.all([first.boundingBox(), second.boundingBox()])).map(box => box!);
  const across = Math.max(a.x - b.x - b.width, b.x - a.x - a.width, 0);
  const down = Math.max(a.y - b.y - b.height, b.y - a.y - a.height, 0);
  return Math.hypot(across, down);
}

async function seriousViolations(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).include('.shepherd-element').analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

test('the tour of the first visit, by keyboard; Escape ends it, and it does not come again', async ({
  page,
}) => {
  const requests: string[] = [];
  page.on('request', request => requests.push(request.url()));
  const step = page.getByRole('dialog').filter({ has: page.locator('.fewshot-tour-count') });
  await new Ohif(page, { tour: true }).openStudy(site.url);
  for (const [i, [title, target]] of TOUR.entries()) {
    await expect(step).toHaveAccessibleName(title);
    await expect(step).toContainText(`${i + 1}/${TOUR.length}`);
    // The notice of the first visit was pressed, so the focus is elsewhere.
    if (i === 0) await step.focus();
    await expect(step).toBeFocused();
    const marked = page.locator('.fewshot-tour-target');
    await expect(marked).toHaveCount(1);
    await expect(marked.and(page.locator(target))).toBeVisible();
    expect(await gap(step, marked)).toBeLessThan(40);
    // The whole job needs one panel.
    await expect(page.locator('.fewshot')).toHaveCount(1);
    expect(await seriousViolations(page)).toEqual([]);
    await page.screenshot({ path: `test-results/walk/tour-${i + 1}.png` });
    const last = i === TOUR.length - 1;
    const next = step.getByRole('button', { name: last ? 'Done' : 'Next' });
    while (!(await next.evaluate(button => button === document.activeElement))) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
  }
  await expect(step).toHaveCount(0);
  expect(requests.filter(url => /^https?:/.test(url) && !url.startsWith(site.url))).toEqual([]);

  await test.step('not again', async () => {
    const again = new Ohif(page, { tour: true });
    await again.openStudy(site.url);
    await again.tab('fewshot');
    await expect(again.panel).toContainText('Add structure');
    await expect(step).toHaveCount(0);
  });

  for (const end of ['Escape', 'Skip']) {
    await test.step(`${end} ends it`, async () => {
      await page.evaluate(() => localStorage.removeItem('shownTours'));
      const ohif = new Ohif(page, { tour: true });
      await ohif.openStudy(site.url);
      await expect(step).toBeFocused();
      // The viewer stays usable: the tour waits where what it points at is gone.
      await ohif.addSegmentation();
      await expect(step).toBeHidden();
      await ohif.tab('fewshot');
      await expect(step).toBeVisible();
      await expect(step).toHaveAccessibleName('Outline a few slices');
      expect(await gap(step, page.locator('.fewshot-tour-target'))).toBeLessThan(40);
      await step.getByRole('button', { name: 'Next' }).click();
      await expect(step).toHaveAccessibleName('See what to do next');
      await ohif.tab('panelSegmentationWithToolsLabelMap');
      await expect(step).toBeHidden();
      await ohif.tab('fewshot');
      await expect(step).toBeVisible();
      expect(await gap(step, page.locator('.fewshot'))).toBeLessThan(40);
      // Escape is heard outside the step too.
      await ohif.panel.getByRole('button', { name: 'Add structure' }).focus();
      await expect(step).not.toBeFocused();
      if (end === 'Skip') await step.getByRole('button', { name: end }).click();
      else await page.keyboard.press(end);
      await expect(step).toHaveCount(0);
      await expect(page.locator('.fewshot-tour-target')).toHaveCount(0);
    });
  }
});
