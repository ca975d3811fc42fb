/** A run that is cancelled, or loses its worker, leaves the study as it was and can be run again. */
import { expect, test } from './fixtures';
import { isOurs, liveWorkers } from './faultyBrowser';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };
/** From the click until the panel is back. */
const CANCEL_LIMIT = 1000;

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

test(
  'cancelled in every phase, worker killed: nothing changes, and the next run works',
  { tag: '@alone' },
  async ({ page }) => {
    const ohif = new Ohif(page);
    await ohif.openStudy(site.url);
    const drawn = await ohif.paintTwoSlices(DISK);
    await ohif.tab('fewshot');
    const step = ohif.panel.locator('[aria-current="step"]');

    for (const { phase, method } of [
      { phase: 'Loading the model', method: 'Follow the outlines' },
      { phase: 'Encoding the outlined slices', method: 'Follow the outlines' },
      { phase: 'Segmenting the other slices', method: 'Follow the outlines' },
      { phase: 'Learning the structure', method: 'Fine-tune SAM' },
    ]) {
      await test.step(`cancel: ${phase}`, async () => {
        await ohif.chooseMethod(method);
        await ohif.propagateButton.click();
        await expect(step).toContainText(phase, { timeout: 180_000 });
        const start = Date.now();
        await ohif.panel.getByRole('button', { name: 'Cancel' }).click();
        await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeVisible();
        const took = Date.now() - start;
        console.log(`Cancelled while "${phase}" within ${took} ms`);
        expect(took).toBeLessThan(CANCEL_LIMIT);
        await expect.poll(() => liveWorkers(page)).toBe(0);
        expect(await ohif.voxels()).toEqual(drawn);
        await expect(ohif.panel.getByRole('alert')).toHaveCount(0);
      });
    }

    for (const phase of ['Loading the model', 'Learning the structure']) {
      await test.step(`worker killed: ${phase}`, async () => {
        await ohif.propagateButton.click();
        await expect.poll(() => liveWorkers(page)).toBe(1);
        await expect(step).toContainText(phase, { timeout: 180_000 });
        const workers = page.workers().filter(isOurs);
        await workers.at(-1)!.evaluate(() => self.close());
        await expect(ohif.panel).toContainText('The computation stopped unexpectedly');
        await expect(ohif.panel).toContainText('Nothing was changed.');
        expect(await ohif.voxels()).toEqual(drawn);
        await page.screenshot({ path: 'test-results/interruptions/worker-killed.png' });
      });
    }

    await test.step('and again, to the end; discarded', async () => {
      await ohif.chooseMethod('Follow the outlines');
      await ohif.propagate();
      expect(await ohif.leftToLookAt()).toBeGreaterThan(2);
      await ohif.panel.getByRole('button', { name: 'Discard' }).click();
      await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeVisible();
      expect(await ohif.voxels()).toEqual(drawn);
    });
  },
);
