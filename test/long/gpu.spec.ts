/**
 * A GPU that is lost during a run, twice, in the real viewer; then the CPU computes. The GPU is
 * Chromium's software one, which the plug-in leaves aside on purpose: here it says that it is hardware.
 */
import { chromium, expect, test, type Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBadSeries } from '../browser/badSeries';
import { inEachWorker, isOurs, uncaughtErrors } from '../browser/faultyBrowser';
import { Ohif } from '../browser/ohif';
import { startSite, type Site } from '../browser/site';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };
/** A software GPU takes minutes to compile the encoder's shaders. */
const PATIENCE = 900_000;

declare global {
  var gpuDevices: GPUDevice[];
}

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-gpu-'));
  writeBadSeries(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** Runs in a worker. */
function withHardware(): void {
  globalThis.gpuDevices = [];
  const adapters = GPUAdapter.prototype;
  Object.defineProperty(adapters, 'info', {
    get: () => ({ vendor: 'test', architecture: '', device: '', description: 'hardware' }),
  });
  const { requestDevice } = adapters;
  adapters.requestDevice = async function (...descriptor) {
    const device = await requestDevice.apply(this, descriptor);
    globalThis.gpuDevices.push(device);
    return device;
  };
}

/** @returns how many there were */
async function loseDevices(page: Page): Promise<number> {
  return page
    .workers()
    .find(isOurs)!
    .evaluate(() => {
      globalThis.gpuDevices.forEach(device => device.destroy());
      return globalThis.gpuDevices.length;
    });
}

test('lost twice: said each time, nothing changed, then the CPU computes', async ({
  launchOptions,
  viewport,
}) => {
  const browser = await chromium.launch({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
    ],
  });
  const page = await browser.newPage({ viewport });
  const errors = uncaughtErrors(page);
  inEachWorker(page, withHardware);
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  await ohif.addSegmentation();
  await ohif.drawEllipses([2, 4], DISK);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  const drawn = await ohif.masks();
  const step = ohif.panel.locator('[aria-current="step"]');

  for (const remedy of ['Try again', 'the CPU computes until the page is reloaded']) {
    const start = Date.now();
    await ohif.propagateButton.click();
    await expect(step).toContainText('Looking at the outlined slices', { timeout: PATIENCE });
    console.log(`The GPU was ready after ${Math.round((Date.now() - start) / 1000)} s`);
    expect(await loseDevices(page)).toBeGreaterThan(0);
    await expect(ohif.panel.getByRole('alert')).toContainText('The GPU stopped (');
    await expect(ohif.panel.getByRole('alert')).toContainText(remedy);
    expect(await ohif.masks()).toEqual(drawn);
    await page.screenshot({ path: `test-results/faults/gpu-${remedy.replaceAll(' ', '-')}.png` });
  }
  await ohif.propagate();
  await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  await expect(ohif.panel).toContainText(/CPU, \d threads? \(the GPU failed twice\)/);
  expect(await ohif.masks()).toEqual(drawn);
  expect(errors).toEqual([]);
  await browser.close();
});
