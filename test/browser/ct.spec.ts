/**
 * A real CT with labels (a TotalSegmentator result): the liver from 5 of its 20 slices, learned and
 * segmented by the plug-in inside the viewer, stored, and read back by pydicom.
 */
import { expect, test } from './fixtures';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasPydicom, labelsOnGrid, readWithPydicom } from '../dicom/tools';
import { LongestTask } from './longestTask';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const CT = path.resolve('..', 'shared', 'data', 'ct2_upper_abdomen_dicom');
const LIVER = 5;
const SHOTS = [1, 5, 10, 14, 18];
const VOXELS = 512 * 512;

test.skip(!existsSync(CT), '../shared/data is not there');

let site: Site;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-ct-'));
  site = await startSite('--dicom', path.join(CT, 'dicom'));
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** The liver on every slice, from feet to head. */
function liver(): Uint8Array[] {
  const file = path.join(folder, 'labels');
  labelsOnGrid(path.join(CT, 'labels.nii.gz'), path.join(CT, 'dicom'), file);
  const labels = readFileSync(file);
  return Array.from({ length: labels.length / VOXELS }, (_, slice) =>
    Uint8Array.from(labels.subarray(slice * VOXELS, (slice + 1) * VOXELS), label =>
      label === LIVER ? 1 : 0,
    ),
  );
}

function dice(a: Uint8Array[], b: Uint8Array[]): number {
  let both = 0;
  let sum = 0;
  a.forEach((mask, slice) =>
    mask.forEach((value, i) => {
      both += value & b[slice][i];
      sum += value + b[slice][i];
    }),
  );
  return (2 * both) / sum;
}

test(
  'liver: Dice of the other slices, the stored SEG voxel by voxel, one undo step',
  { tag: '@alone' },
  async ({ page }) => {
    const truth = liver();
    const ohif = new Ohif(page, { encodesAhead: true });
    await ohif.openStudy(site.url);
    await ohif.addSegmentation();
    const uids = await ohif.upwards();
    expect(uids).toHaveLength(truth.length);
    await ohif.draw(Object.fromEntries(SHOTS.map(slice => [uids[slice], truth[slice]])));
    await ohif.tab('fewshot');
    await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(
      SHOTS.length,
    );
    await expect(ohif.panel).toContainText('CT soft tissue');

    const longestTask = new LongestTask(page);
    await longestTask.start();
    await test.step('slices are encoded while nobody presses a button', async () => {
      await expect(ohif.panel).toContainText(`${truth.length} slices prepared`, {
        timeout: 180_000,
      });
      await page.screenshot({ path: 'test-results/ct/ahead.png' });
    });
    const pressed = Date.now();
    await ohif.propagate();
    console.log(`Review ${((Date.now() - pressed) / 1000).toFixed(1)} s after the press`);
    await page.screenshot({ path: 'test-results/ct/review.png' });
    await ohif.acceptAll();
    const longest = await longestTask.milliseconds();
    console.log(
      `Longest task of the plug-in on the main thread: ${Math.round(longest)} ms (${await longestTask.where()})`,
    );

    const found = await ohif.masks();
    const others = truth.flatMap((_, slice) => (SHOTS.includes(slice) ? [] : [slice]));
    for (const slice of SHOTS) expect(found[uids[slice]].equals(truth[slice])).toBe(true);
    const score = dice(
      others.map(slice => found[uids[slice]]),
      others.map(slice => truth[slice]),
    );
    console.log(`Dice of the liver on ${others.length} slices: ${score.toFixed(4)}`);
    expect(score).toBeGreaterThanOrEqual(0.93);

    const propagated = await ohif.voxels();
    await page.locator('[data-cy="undo-btn"]').click();
    await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(SHOTS.length);
    await page.locator('[data-cy="redo-btn"]').click();
    await expect.poll(() => ohif.voxels()).toEqual(propagated);

    await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
    await expect(ohif.panel).toContainText('Stored in the archive');
    if (hasPydicom) {
      const [file] = readdirSync(site.archive, { recursive: true, encoding: 'utf8' }).filter(name =>
        name.endsWith('.dcm'),
      );
      const seg = readWithPydicom(path.join(site.archive, file), path.join(CT, 'dicom'));
      expect(seg.segments).toHaveLength(1);
      expect(seg.segments[0].algorithmType).toBe('SEMIAUTOMATIC');
      for (const [uid, mask] of Object.entries(found)) {
        const sha256 = createHash('sha256').update(mask).digest('hex');
        if (mask.includes(1)) expect(seg.segments[0].slices[uid].sha256).toBe(sha256);
        else expect(seg.segments[0].slices[uid]?.voxels ?? 0).toBe(0);
      }
    }
    expect(longest).toBeLessThan(50);
  },
);
