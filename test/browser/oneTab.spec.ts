/** A whole job in our tab of the real viewer: the drawing tools, and unfinished work after a reload. */
import { expect, test } from './fixtures';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DISK = { x: 0.5, y: 0.48, radiusX: 0.12, radiusY: 0.14 };

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test('add a structure, draw with every tool, reload: our tab stays open throughout', async ({
  page,
}) => {
  const look = (name: string) => page.screenshot({ path: `test-results/one-tab/${name}.png` });
  const ohif = new Ohif(page);
  const { panel } = ohif;
  await ohif.openStudy(site.url);
  await expect(panel, 'it is open without a click').toBeVisible();
  const picture = page.locator('[data-cy^="fewshot"][data-cy$="-btn"] svg').first();
  await expect(picture, 'the tab has our icon').toHaveCSS('mask-image', /^url\("data:image\/svg/);
  await look('opened');

  await panel.getByRole('button', { name: 'Add structure' }).click();
  await expect.poll(() => ohif.segmentIndices()).toEqual([1]);
  await expect(panel.getByRole('radio', { name: /^Segment 1/ })).toBeAttached();
  const tool = (name: string) => panel.getByRole('button', { name, exact: true });
  await expect(tool('Brush')).toHaveAttribute('aria-pressed', 'true');
  await panel.getByRole('slider', { name: 'Radius' }).fill('14');
  await expect(panel).toContainText('14 mm');
  await look('brush');

  await ohif.scrollTo(5);
  await ohif.paint(DISK, 0.08);
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(1);
  const painted = Object.values(await ohif.voxels())[0];

  await tool('Eraser').click();
  await expect(tool('Eraser')).toHaveAttribute('aria-pressed', 'true');
  await ohif.paint({ ...DISK, radiusX: 0.03, radiusY: 0.06 }, 0.04);
  await expect.poll(async () => Object.values(await ohif.voxels())[0]).toBeLessThan(painted);
  await look('eraser');

  await tool('Threshold').click();
  await panel.getByLabel('Values from').fill('100000');
  await panel.getByLabel('to', { exact: true }).fill('100001');
  await ohif.scrollTo(7);
  await ohif.paint(DISK, 0.08);
  expect(Object.keys(await ohif.voxels()), 'no pixel has such a value').toHaveLength(1);
  await panel.getByLabel('Values from').fill('0');
  await ohif.paint(DISK, 0.08);
  await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(2);
  await look('threshold');

  await tool('Circle').click();
  await ohif.scrollTo(9);
  await ohif.drag([0.5, 0.48], [0.6, 0.48]);
  await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(3);
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await look('circle');
  await tool('Circle').click();
  await expect(tool('Circle')).toHaveAttribute('aria-pressed', 'false');

  // A chosen term names the segment, in the viewer's own list too.
  await panel.getByRole('combobox', { name: 'Term for Segment 1' }).fill('left kidney');
  await page.keyboard.press('Enter');
  const names = () =>
    page.evaluate(() =>
      Object.values(window.ohif.activeSegmentation()?.segments ?? {}).map(({ label }) => label),
    );
  await expect.poll(names).toEqual(['Left kidney']);
  await expect(panel.getByRole('radio', { name: /^Left kidney/ })).toBeAttached();
  await look('named');

  await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
  await expect.poll(async () => (await ohif.keptDrafts())[0].text).toContain('Left kidney');
  const masks = await ohif.masks();
  await expect.poll(() => ohif.asksBeforeLeaving()).toBe(false);
  await page.setViewportSize({ width: 1280, height: 720 });
  await ohif.openStudy(site.url);
  await expect(panel).toContainText('Restore what you drew on 3 slices?');
  await look('offered');
  await panel.getByRole('button', { name: 'Restore' }).click();
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  expect(await ohif.masks()).toEqual(masks);
  expect(await names()).toEqual(['Left kidney']);
  await expect(panel.getByRole('combobox', { name: 'Term for Left kidney' })).toHaveValue(
    'Left kidney',
  );
  await panel.getByText('Left kidney', { exact: true }).dblclick();
  await panel.getByLabel('Name of the structure').fill('My kidney');
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['My kidney']);
  await look('restored');
});
