/** `npm run docs:pictures`: the pictures of the documentation, of the demo study in the real viewer. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ohif } from '../browser/ohif';
import { startSite, type Site } from '../browser/site';
import { brainSeries } from '../gallery/brainSeries';
import { brainOf } from '../gallery/parts';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/pictures');

/** Outlined slices, counted from 1, and one between them. */
const OUTLINED = [4, 8, 12];
const BETWEEN = 6;

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test.use({ viewport: { width: 1280, height: 800 } });

function take(what: Page | Locator, name: string): Promise<Buffer> {
  return what.screenshot({ path: path.join(folder, `${name}.jpg`), type: 'jpeg', quality: 82 });
}

test('outline, run, review, store, task', async ({ page }) => {
  const ohif = new Ohif(page);
  const { panel } = ohif;
  const { slices, columns } = await brainSeries();
  // The viewer counts from the other end.
  const brain = (slice: number) => brainOf(Buffer.from(slices.at(-slice)!, 'base64'), columns);

  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  const uids = await ohif.shownUids();
  await ohif.draw(Object.fromEntries(OUTLINED.map(slice => [uids[slice - 1], brain(slice)])));
  await ohif.tab('fewshot');
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await panel.getByRole('combobox', { name: /^Term for/ }).fill('brain');
  await panel
    .getByRole('option', { name: /^Brain/ })
    .first()
    .click();
  await ohif.scrollTo(OUTLINED[1] - 1);
  // The outlines follow gray values, so they have holes.
  const warning = panel.getByRole('region', { name: /^Outlines of .+ have holes\.$/ });
  await take(warning, 'holes');
  await warning.getByRole('button', { name: 'Fill holes' }).click();
  await expect(warning).toBeHidden();
  await take(page, 'outlines');

  await ohif.propagateButton.click();
  await expect(panel.locator('[aria-current="step"]')).toContainText('Segmenting', {
    timeout: 180_000,
  });
  await expect(panel.getByRole('list', { name: 'Found so far' })).toContainText('0.9', {
    timeout: 180_000,
  });
  await take(panel, 'run');

  await ohif.expectReview();
  await ohif.scrollTo(BETWEEN - 1);
  await expect(ohif.predictions('predicted')).toHaveCount(1);
  await take(page, 'review');
  await panel.getByRole('button', { name: /^All slices/ }).click();
  const sheet = page.getByRole('dialog', { name: /^All slices/ });
  await expect(sheet.getByRole('gridcell').first()).toBeVisible();
  await page.waitForTimeout(1500);
  await take(page, 'all-slices');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await ohif.acceptAll();
  await panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(panel).toContainText('Stored in the archive');
  await expect(panel.getByRole('region', { name: 'Results' })).toContainText('mL');
  await take(page, 'stored');

  await panel.getByRole('button', { name: 'Save as task' }).click();
  await panel.getByLabel('Name of the task').fill('Cerebrum');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('Saved “Cerebrum”.', { timeout: 400_000 });
  await panel.getByRole('button', { name: 'Apply Cerebrum' }).scrollIntoViewIfNeeded();
  await take(panel, 'task');
});
