/**
 * A GPU that is lost during a run, twice, in the real viewer; then the CPU computes. The GPU is Chromium's
 * software one, which the plug-in leaves aside on purpose: here it says that it is hardware. The decoder
 * learns on it; the encoder takes ten minutes for a slice there, and is told the truth unless
 * TEST_GPU_ENCODER is set, when it computes on it the first time.
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
/** What the GPU had begun keeps the browser from everything else. */
const PATIENCE = 1_200_000;

/** Once each: who computes on the GPU, in which phase it is lost, and what is said. */
const LOSSES = [
  process.env.TEST_GPU_ENCODER
    ? {
        gpu: withHardware,
        method: 'Follow the outlines',
        phase: 'Encoding the outlined slices',
        remedy: 'Try again',
      }
    : {
        gpu: withHardwareForDecoder,
        method: 'Fine-tune SAM',
        phase: 'Learning the structure',
        remedy: 'Try again',
      },
  {
    gpu: withHardwareForDecoder,
    method: 'Fine-tune SAM',
    phase: 'Learning the structure',
    remedy: 'the CPU computes until the page is reloaded',
  },
];

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

/** Runs in a worker: the encoder, which asks first, is told the truth. */
function withHardwareForDecoder(): void {
  const adapters = GPUAdapter.prototype;
  const software = { vendor: 'test', architecture: '', device: '', description: 'swiftshader' };
  const hardware = { ...software, description: 'hardware' };
  let asked = 0;
  Object.defineProperty(adapters, 'info', { get: () => (asked++ === 0 ? software : hardware) });
  globalThis.gpuDevices = [];
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
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  await ohif.addSegmentation();
  await ohif.drawEllipses([2, 4], DISK);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  const drawn = await ohif.masks();
  const step = ohif.panel.locator('[aria-current="step"]');

  for (const { gpu, method, phase, remedy } of LOSSES) {
    const start = Date.now();
    const end = inEachWorker(page, gpu);
    await ohif.chooseMethod(method);
    await ohif.propagateButton.click();
    await expect(step).toContainText(phase, { timeout: PATIENCE });
    if (phase === 'Learning the structure') {
      // Before its first updates the decoder may still be looking for a GPU that computes correctly.
      const bar = ohif.panel.getByRole('progressbar');
      await expect(bar).toHaveAttribute('aria-valuenow', /^[1-9]/, { timeout: PATIENCE });
    }
    end();
    console.log(`${phase}, on the GPU, after ${Math.round((Date.now() - start) / 1000)} s`);
    await expect.poll(() => loseDevices(page), { timeout: PATIENCE }).toBeGreaterThan(0);
    await expect(ohif.panel.getByRole('alert')).toContainText('The GPU stopped (', {
      timeout: PATIENCE,
    });
    await expect(ohif.panel.getByRole('alert')).toContainText(remedy);
    expect(await ohif.masks()).toEqual(drawn);
    // What the GPU had begun keeps it from drawing.
    await page.screenshot({
      path: `test-results/faults/gpu-${remedy.replaceAll(' ', '-')}.png`,
      timeout: PATIENCE,
    });
  }
  await ohif.chooseMethod('Follow the outlines');
  await ohif.propagate();
  await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  await expect(ohif.panel).toContainText(/CPU, \d threads? \(the GPU failed twice\)/);
  expect(await ohif.masks()).toEqual(drawn);
  expect(errors).toEqual([]);
  await browser.close();
});
