/** Outlined by brush on coronal slices of an axial series, propagated to the coronal slices between. */
import { expect, test } from './fixtures';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';
import { writeStraightStudy } from './straightStudy';

const APART = 6;

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-straight-'));
  writeStraightStudy(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

test('two coronal slices drawn, those between are found, what was drawn stays', async ({
  page,
}) => {
  const look = (name: string) => page.screenshot({ path: `test-results/coronal/${name}.png` });
  const ohif = new Ohif(page);
  const { panel } = ohif;
  await ohif.openStudy(site.url);
  await page.locator('[data-cy="Layout"]').click();
  await page.getByText('MPR', { exact: true }).click();
  const pane = page.locator('[data-cy="viewport-pane"]').nth(2);
  await expect(pane).toBeVisible();
  await pane.click({ position: { x: 60, y: 60 } });
  await ohif.addSegmentation();
  await ohif.tab('fewshot');
  await expect(panel).toContainText('256 coronal slices');

  const strip = panel.getByRole('slider', { name: /^Slice shown/ });
  const box = (await pane.boundingBox())!;
  const drawHere = async () => {
    await ohif.chooseBrush();
    await ohif.setBrushRadius(14);
    const { mouse } = page;
    await mouse.move(box.x + 0.4 * box.width, box.y + 0.5 * box.height);
    await mouse.down();
    await mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height, { steps: 8 });
    await mouse.up();
    await ohif.tab('fewshot');
  };
  await strip.focus();
  const first = Number(await strip.getAttribute('aria-valuenow'));
  await drawHere();
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(1);
  await strip.focus();
  for (let i = 1; i <= APART; i++) {
    await strip.press('ArrowRight');
    await expect(strip).toHaveAttribute('aria-valuenow', String(first + i));
  }
  await drawHere();
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  await look('1-outlined');

  const drawn = await ohif.masks();
  const filled = Object.values(drawn).filter(mask => mask.includes(1));
  // A stroke across a coronal slice lies on many axial ones, as a row of each.
  expect(filled.length).toBeGreaterThan(2);

  await ohif.chooseRange(first, first + APART);
  await ohif.propagate();
  await strip.press('ArrowLeft');
  await expect(pane.locator('.fewshot-preview path[data-look="predicted"]')).toHaveCount(1);
  await look('2-review');
  expect(await ohif.masks()).toEqual(drawn);
  await ohif.acceptAll();
  await look('3-written');
  const found = await ohif.masks();
  let added = 0;
  for (const [uid, mask] of Object.entries(drawn)) {
    mask.forEach((value, i) => {
      if (value) expect(found[uid][i]).toBe(1);
      else if (found[uid][i]) {
        added++;
        // Coronal slices are counted from back to front.
        const slice = 256 - Math.floor(i / 256);
        expect(slice > first && slice < first + APART).toBe(true);
      }
    });
  }
  expect(added).toBeGreaterThan(100);

  await page.locator('[data-cy="undo-btn"]').click();
  await expect.poll(() => ohif.masks()).toEqual(drawn);
});
