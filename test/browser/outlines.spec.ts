/** What the panel says of outlines with holes, and of slices beyond the outermost outlines. */
import { expect, test } from './fixtures';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const SIDE = 256;
/** The brain, about, in fractions of the image. */
const BRAIN = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };
/** Three outlines, as the panel counts slices; the series has 20. */
const OUTLINED = [5, 8, 11];
const isHole = (x: number, y: number) =>
  (x - 0.45) ** 2 + (y - 0.42) ** 2 < 0.02 ** 2 || (x - 0.56) ** 2 + (y - 0.5) ** 2 < 0.015 ** 2;

/** The brain with two holes. */
const holed = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
  const [x, y] = [(i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE];
  const isInside = ((x - BRAIN.x) / BRAIN.radiusX) ** 2 + ((y - BRAIN.y) / BRAIN.radiusY) ** 2 <= 1;
  return Number(isInside && !isHole(x, y));
});

/** Whether a press on the middle of an element would reach it. */
function isUncovered(element: Element): boolean {
  const { left, top, width, height } = element.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && element.contains(hit);
}

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test('holes are told, filled at a press, and back after undo; what lies beyond the outlines is never sure', async ({
  page,
}) => {
  const look = (name: string) => page.screenshot({ path: `test-results/outlines/${name}.png` });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  const uids = await ohif.shownUids();
  await ohif.draw(Object.fromEntries(OUTLINED.map(slice => [uids[slice - 1], holed])));
  await ohif.tab('fewshot');

  const warning = ohif.panel.getByRole('region', { name: 'Outlines of Segment 1 have holes.' });
  await expect(warning).toContainText('Slice 8: 2 holes');
  await expect(warning.getByRole('button', { name: /^Slice/ })).toHaveCount(3);
  const drawn = await ohif.masks();
  for (const name of ['Fill holes', 'They belong there']) {
    const button = warning.getByRole('button', { name });
    expect(await button.evaluate(isUncovered), `${name}, without scrolling`).toBe(true);
  }
  await look('holes');
  // Where the panel is low, the footer covers no control that has the focus.
  const size = page.viewportSize()!;
  await page.setViewportSize({ ...size, height: 600 });
  for (const button of await ohif.panel.getByRole('button').all()) {
    await button.focus();
    await expect.poll(() => button.evaluate(isUncovered), (await button.textContent())!).toBe(true);
  }
  await look('low');
  await page.setViewportSize(size);

  await warning.getByRole('button', { name: 'Fill holes' }).focus();
  await page.keyboard.press('Enter');
  await expect(warning).toBeHidden();
  const filled = await ohif.masks();
  for (const slice of OUTLINED) {
    const [before, after] = [drawn, filled].map(masks => masks[uids[slice - 1]]);
    const added = [...after.keys()].filter(i => after[i] && !before[i]);
    expect(added.length).toBeGreaterThan(100);
    expect(added.every(i => isHole((i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE))).toBe(true);
    expect([...before.keys()].every(i => !before[i] || after[i])).toBe(true);
  }
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await page.locator('[data-cy="undo-btn"]').click();
  await expect(warning).toBeVisible();
  expect(await ohif.masks(), 'every hole is back').toEqual(drawn);

  await warning.getByRole('button', { name: 'They belong there' }).click();
  await expect(warning).toBeHidden();
  expect(await ohif.masks()).toEqual(drawn);

  await ohif.propagate();
  const beyond = /Slice (\d+) of \d+, segmented, to decide, beyond your outlines/;
  const slider = ohif.panel.getByRole('slider', { name: /^Slice shown/ });
  await slider.focus();
  const marked: number[] = [];
  const sure = /(\d+) sure/.exec(
    (await ohif.panel.getByLabel('Slices', { exact: true }).textContent())!,
  );
  await page.keyboard.press('Home');
  for (let slice = 1; slice <= uids.length; slice++) {
    await expect(slider).toHaveAttribute('aria-valuenow', String(slice));
    const text = (await slider.getAttribute('aria-valuetext'))!;
    if (beyond.test(text)) marked.push(slice);
    else if (text.includes('segmented')) expect(slice > 5 && slice < 11, text).toBe(true);
    await page.keyboard.press('ArrowRight');
  }
  expect(marked.length).toBeGreaterThan(0);
  expect(marked.every(slice => slice < 5 || slice > 11)).toBe(true);
  // Sure at most those between the outlines: two gaps of two slices.
  expect(Number(sure?.[1] ?? 0)).toBeLessThanOrEqual(4);
  const legend = ohif.panel.getByLabel('Slices', { exact: true });
  await expect(legend).toContainText(`${marked.length} beyond outlines`);
  await expect(ohif.panel).toContainText(`${marked.length} lie beyond your outlines`);
  await look('beyond');

  await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
  await expect.poll(async () => (await ohif.keptDrafts())[0].text).toContain('extrapolated');
  await ohif.openStudy(site.url);
  await ohif.tab('fewshot');
  await ohif.panel.getByRole('button', { name: 'Continue' }).click();
  await ohif.expectReview();
  await expect(legend).toContainText(`${marked.length} beyond outlines`);

  await ohif.acceptAll();
  await expect(legend).toContainText(`${marked.length} beyond outlines`);
  await look('written');
});
