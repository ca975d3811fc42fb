/** A file of the plug-in or the model that is not the one that was built is refused by name. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeIdentifiedStudy } from './identifiedStudy';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';
import { watch, type WatchedSite } from './watchedSite';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };
const MODEL = 'models/mobile-sam/encoder.safetensors';

let folder: string;
let site: Site;
let watched: WatchedSite;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-integrity-'));
  writeIdentifiedStudy(folder);
  site = await startSite('--dicom', folder);
  watched = await watch(site.url);
});
test.afterAll(async () => {
  await watched.stop();
  await site.stop();
  rmSync(folder, { recursive: true });
});

function lastBitFlipped(body: Buffer): Buffer {
  const changed = Buffer.from(body);
  changed[changed.length - 1] ^= 1;
  return changed;
}

test('the panel altered on the server: refused by name, and there once it is mended', async ({
  page,
}) => {
  watched.alter('/plugins/fewshot/panel.js', lastBitFlipped);
  const ohif = new Ohif(page);
  await ohif.openStudy(watched.url);
  await ohif.tab('fewshot');
  const alert = page.getByRole('alert').filter({ hasText: 'panel.js' });
  await expect(alert).toContainText('panel.js was altered: its SHA-256 is');
  await page.screenshot({ path: 'test-results/integrity/panel.png' });
  watched.unalter();
  await alert.getByRole('button', { name: 'Try again' }).click();
  await expect(ohif.panel).toBeVisible();
});

test('each file altered on the server, and the model after it was used: refused, nothing changed', async ({
  page,
}) => {
  const { files } = (await (await fetch(`${watched.url}/plugins/fewshot/files.json`)).json()) as {
    files: Record<string, string>;
  };
  const chunks = Object.keys(files).filter(name => name.startsWith('chunks/'));
  const ohif = new Ohif(page);
  await ohif.openStudy(watched.url);
  const drawn = await ohif.paintTwoSlices(DISK);
  const step = ohif.panel.locator('[aria-current="step"]');

  const expectRefusal = async (file: string, name: string) => {
    watched.alter(`/plugins/fewshot/${file}`, lastBitFlipped);
    await ohif.propagateButton.click();
    await expect(ohif.panel).toContainText(`file ${name} was altered: its SHA-256 is`, {
      timeout: 60_000,
    });
    await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeEnabled();
    expect(await ohif.voxels()).toEqual(drawn);
    watched.unalter();
  };

  for (const [file, name] of [
    ['worker.js', 'worker.js'],
    [chunks[0], chunks[0]],
    [chunks.at(-1)!, chunks.at(-1)!],
    ['wasm/fewshot-kernels-relaxed.wasm', 'fewshot-kernels-relaxed.wasm'],
    ['wasm/fewshot-kernels-shared-relaxed.wasm', 'fewshot-kernels-shared-relaxed.wasm'],
    ['wasm/fewshot-thread.js', 'fewshot-thread.js'],
    [MODEL, 'encoder.safetensors'],
  ]) {
    await test.step(`altered: ${file}`, () => expectRefusal(file, name));
  }
  await page.screenshot({ path: 'test-results/integrity/refused.png' });

  await test.step('altered after it was used, and kept by the browser', async () => {
    await ohif.propagateButton.click();
    await expect(step).toContainText('Encoding the outlined slices', { timeout: 180_000 });
    await ohif.panel.getByRole('button', { name: 'Cancel' }).click();
    await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeVisible();
    expect(await ohif.voxels()).toEqual(drawn);
    await expectRefusal(MODEL, 'encoder.safetensors');
  });
});
