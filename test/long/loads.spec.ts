/** Much at once in the real viewer: many structures in one run, and images of 2048 x 2048. */
import dcmjs from 'dcmjs';
import { expect, test, type Page } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countOverlap, dice as diceOf } from '../../engine/src/image/overlap';
import { writeBadSeries } from '../browser/badSeries';
import { uncaughtErrors } from '../browser/faultyBrowser';
import { LARGE, writeLargeStudy } from '../browser/largeStudy';
import { LongestTask } from '../browser/longestTask';
import { Ohif, type Ellipse } from '../browser/ohif';
import { startSite, type Site } from '../browser/site';

const STRUCTURES = 20;
/** As a structure is drawn on GOOD; it has five slices. */
const OUTLINED = [2, 4];
/** Megabytes that the page may hold beyond what it held before a run, once its garbage is gone. */
const MOST_LEFT = 200;

// Without a GPU the viewer takes long to draw large images.
test.use({ actionTimeout: 180_000 });

let folder: string;
let site: Site;
test.beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-loads-'));
});
test.afterEach(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** Megabytes of JavaScript and of what it holds, after all garbage is gone. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  for (let i = 0; i < 3; i++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return (usedSize + backingStorageSize) / 2 ** 20;
}

/** The one of many structures, each in a place of its own. @param index from 1 */
function place(index: number): Ellipse {
  const column = (index - 1) % 5;
  const row = Math.floor((index - 1) / 5);
  return { x: 0.3 + 0.1 * column, y: 0.32 + 0.11 * row, radiusX: 0.035, radiusY: 0.035 };
}

/** The size of the only stored segmentation. */
function readStored(archive: string) {
  const files = readdirSync(archive, { recursive: true, encoding: 'utf8' });
  const [name, ...others] = files.filter(each => each.endsWith('.dcm'));
  expect(others).toEqual([]);
  const { buffer } = new Uint8Array(readFileSync(path.join(archive, name)));
  const { dict } = dcmjs.data.DicomMessage.readFile(buffer);
  const value = (tag: string) => dict[tag].Value as unknown[];
  return {
    rows: Number(value('00280010')[0]),
    columns: Number(value('00280011')[0]),
    segments: value('00620002').length,
    frames: Number(value('00280008')[0]),
  };
}

test(`${STRUCTURES} structures in one run`, async ({ page }) => {
  writeBadSeries(folder);
  site = await startSite('--dicom', folder);
  const errors = uncaughtErrors(page);
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  await ohif.addSegmentation();
  await ohif.tab('fewshot');
  const indices = Array.from({ length: STRUCTURES }, (_, i) => i + 1);
  for (const index of indices) {
    if (index > 1) {
      await ohif.panel.getByRole('button', { name: 'Add structure' }).click();
      await expect.poll(async () => (await ohif.segmentIndices()).length).toBe(index);
      await ohif.tab('fewshot');
    }
    await ohif.drawEllipses(OUTLINED, place(index), index);
  }
  const drawn = await Promise.all(indices.map(index => ohif.masks(index)));
  const before = await heap(page);
  // It is in the settings, as the method is.
  await ohif.chooseMethod('All outlined');
  await ohif.propagate();
  await expect(ohif.panel.getByRole('slider', { name: /^Slice shown/ })).toHaveCount(STRUCTURES);
  console.log(`${STRUCTURES} structures on 5 slices: ${await ohif.runSeconds()} s`);
  await page.screenshot({ path: 'test-results/loads/structures.png' });
  expect(await Promise.all(indices.map(index => ohif.masks(index)))).toEqual(drawn);
  await ohif.acceptAll();

  const outlined = (await ohif.shownUids()).filter((_, i) => OUTLINED.includes(i + 1));
  for (const [i, index] of indices.entries()) {
    const masks = await ohif.masks(index);
    for (const uid of outlined) expect([index, masks[uid]]).toEqual([index, drawn[i][uid]]);
    // On the slice between two that are alike it is where they are, and nowhere near the next structure.
    const [, , between] = await ohif.shownUids();
    const inside = drawn[i][outlined[0]];
    expect([index, Object.keys(await ohif.voxels(index)).length > 2]).toEqual([index, true]);
    const dice = diceOf(countOverlap(masks[between], inside));
    expect([index, dice > 0.5]).toEqual([index, true]);
  }
  const after = await heap(page);
  console.log(`Page: ${before.toFixed(0)} MB before the run, ${after.toFixed(0)} MB after it`);
  expect(after - before).toBeLessThan(MOST_LEFT);
  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  expect(readStored(site.archive).segments).toBe(STRUCTURES);
  expect(errors).toEqual([]);
});

test(`slices of ${LARGE} x ${LARGE} to the end, and stored; X-ray images refused`, async ({
  page,
}) => {
  writeLargeStudy(folder);
  site = await startSite('--dicom', folder);
  const errors = uncaughtErrors(page);
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.tab('fewshot');
  for (const [series, modality] of [
    ['X-RAY', 'DX'],
    ['MAMMOGRAPHY', 'MG'],
  ]) {
    await test.step(series, async () => {
      await ohif.showSeries(series);
      await ohif.expectRefused(`This is an X-ray projection (modality ${modality})`);
      await ohif.expectRefused('Choose a series of slices, such as CT or MR.');
      await page.screenshot({ path: `test-results/loads/${series}.png` });
    });
  }

  await ohif.showSeries('LARGE SLICES');
  await ohif.addSegmentation();
  const brain = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };
  await ohif.drawEllipses([1, 4], brain, 1, LARGE);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  const drawn = await ohif.masks();
  const before = await heap(page);
  const longestTask = new LongestTask(page);
  await longestTask.start();
  await ohif.propagate();
  console.log(`4 slices of ${LARGE} x ${LARGE}: ${await ohif.runSeconds()} s`);
  await page.screenshot({ path: 'test-results/loads/large.png' });
  expect(await ohif.masks()).toEqual(drawn);
  await ohif.acceptAll();
  console.log(
    `Longest task: ${(await longestTask.milliseconds()).toFixed(0)} ms, ${await longestTask.where()}`,
  );

  const masks = await ohif.masks();
  for (const [uid, mask] of Object.entries(masks)) {
    expect(mask).toHaveLength(LARGE * LARGE);
    if (drawn[uid].includes(1)) expect(mask.equals(drawn[uid])).toBe(true);
    const share = mask.reduce((sum, voxel) => sum + voxel, 0) / mask.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.4);
  }
  const after = await heap(page);
  console.log(`Page: ${before.toFixed(0)} MB before the run, ${after.toFixed(0)} MB after it`);
  expect(after - before).toBeLessThan(MOST_LEFT);
  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive', { timeout: 120_000 });
  expect(readStored(site.archive)).toEqual({ rows: LARGE, columns: LARGE, segments: 1, frames: 4 });
  expect(errors).toEqual([]);
});
