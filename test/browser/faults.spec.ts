/**
 * Faults of browser, network and archive in the real viewer: what was drawn stays voxel by voxel, the
 * panel says what happened and what to do, and pressing the button again works.
 */
import { expect, test, type Page } from './fixtures';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBadSeries } from './badSeries';
import {
  countKept,
  inEachWorker,
  isOurs,
  liveWorkers,
  uncaughtErrors,
  withClock,
  withoutFileSystem,
  withoutMemory,
} from './faultyBrowser';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };
/** Outlined ones, counted from 1. */
const OUTLINED = [2, 4];
/** The third of five, which is in the middle from either end. */
const MIDDLE = { slice: 3, frames: /instances\/2\.25\.70002\/frames/ };
const UNKEPT = 'This browser cannot save unfinished work.';

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-faults-'));
  writeBadSeries(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** A series of five slices, two of them outlined. @returns the masks */
async function outline(ohif: Ohif): Promise<Record<string, Buffer>> {
  await ohif.openStudy(site.url);
  await ohif.showSeries('GOOD');
  await ohif.addSegmentation();
  await ohif.drawEllipses(OUTLINED, DISK);
  await expectOutlined(ohif);
  return ohif.masks();
}

async function expectOutlined(ohif: Ohif): Promise<void> {
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
}

/** Files of embeddings in the browser's file system. */
function keptEmbeddings(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    let files = 0;
    for await (const [, handle] of root.entries()) {
      if (handle.kind !== 'directory' || !handle.name.includes('embeddings')) continue;
      for await (const entry of (handle as FileSystemDirectoryHandle).entries()) {
        if ((await (entry[1] as FileSystemFileHandle).getFile()).size > 0) files++;
      }
    }
    return files;
  });
}

for (const fault of ['no room', 'no file system'] as const) {
  test(`${fault} in the browser: a run without keeping, and the panel says so`, async ({
    page,
  }) => {
    const errors = uncaughtErrors(page);
    const ohif = new Ohif(page);
    const storage = await page.context().newCDPSession(page);
    const giveRoom = (quotaSize?: number) =>
      storage.send('Storage.overrideQuotaForOrigin', { origin: site.url, quotaSize });
    if (fault === 'no room') {
      await giveRoom(1000);
    } else {
      await page.addInitScript(withoutFileSystem);
      inEachWorker(page, withoutFileSystem);
    }
    const drawn = await outline(ohif);
    await expect(ohif.panel).toContainText(UNKEPT);
    await expect(ohif.panel).toContainText('Store or download the segmentation before you reload');
    expect(await ohif.asksBeforeLeaving()).toBe(true);
    await ohif.propagate();
    expect(await ohif.masks()).toEqual(drawn);
    await page.screenshot({ path: `test-results/faults/${fault.replaceAll(' ', '-')}.png` });
    await ohif.panel.getByRole('button', { name: 'Discard' }).click();
    await ohif.propagate();
    await expect(ohif.panel).toContainText(UNKEPT);
    expect(await ohif.masks()).toEqual(drawn);
    if (fault === 'no room') {
      expect(await keptEmbeddings(page)).toBe(0);
      await giveRoom();
      await ohif.panel.getByRole('button', { name: 'Discard' }).click();
      await expect(ohif.panel).not.toContainText(UNKEPT);
      expect(await ohif.keptDrafts()).toHaveLength(1);
      expect(await ohif.asksBeforeLeaving()).toBe(false);
    }
    expect(errors).toEqual([]);
  });
}

test('no connection, no memory, an image or a script missing: said, and the next press works', async ({
  page,
}) => {
  const errors = uncaughtErrors(page);
  const ohif = new Ohif(page);
  let image: 'missing' | 'unreachable' | 'there' = 'missing';
  await page.route(MIDDLE.frames, route => {
    if (image === 'missing') return route.fulfill({ status: 404, body: 'Not found.' });
    return image === 'there' ? route.continue() : route.abort('internetdisconnected');
  });
  let script: 'unreachable' | 'altered' | 'broken off' | 'there' = 'unreachable';
  await page.route(/plugins\/fewshot\/dicom-seg\.js/, async route => {
    if (script === 'unreachable') return route.abort('internetdisconnected');
    if (script === 'altered') return route.fulfill({ response: await route.fetch(), body: '//' });
    // It is checked, and then loaded.
    const isLoading = route.request().resourceType() === 'script';
    return script === 'broken off' && isLoading ? route.abort() : route.continue();
  });
  const drawn = await outline(ohif);

  const expectFailure = async (message: string, remedy: string) => {
    await ohif.propagateButton.click();
    await expect(ohif.panel.getByRole('alert')).toContainText(message, { timeout: 60_000 });
    await expect(ohif.panel.getByRole('alert')).toContainText(remedy);
    await expect(ohif.panel.getByRole('button', { name: 'Propagate' })).toBeEnabled();
    expect(await ohif.masks()).toEqual(drawn);
    const name = message.replaceAll(/\W+/g, '-').slice(0, 40);
    await page.screenshot({ path: `test-results/faults/${name}.png` });
  };
  await test.step('no connection to the server of the plug-in', async () => {
    await page.context().setOffline(true);
    await expectFailure('could not be loaded: Failed to fetch', 'Check the connection');
    await page.context().setOffline(false);
  });
  await test.step('no memory in the worker', async () => {
    const end = inEachWorker(page, withoutMemory);
    await expectFailure('The browser ran out of memory', 'Close other tabs');
    end();
  });
  await test.step('the archive lacks an image', async () => {
    const message = `Slice ${MIDDLE.slice} could not be loaded from the archive.`;
    await expectFailure(message, 'choose a range without it');
    image = 'unreachable';
    await expectFailure(message, 'Check the connection, then try again.');
  });
  await test.step('all is there again', async () => {
    image = 'there';
    await ohif.propagate();
    expect(await ohif.masks()).toEqual(drawn);
    await ohif.acceptAll();
    expect(Object.keys(await ohif.voxels())).toHaveLength(5);
  });
  await test.step('the script that writes DICOM SEG: not there, altered, broken off', async () => {
    const found = await ohif.masks();
    for (const [state, message] of [
      ['unreachable', 'dicom-seg.js could not be loaded: Failed to fetch'],
      ['altered', 'dicom-seg.js was altered: its SHA-256 is'],
      [
        'broken off',
        'dicom-seg.js, which writes and reads DICOM SEG and RTSTRUCT, could not be loaded',
      ],
    ] as const) {
      script = state;
      await ohif.panel.getByRole('button', { name: /^(Store to archive|Try again)$/ }).click();
      await expect(ohif.panel).toContainText(message);
      expect(await ohif.masks()).toEqual(found);
    }
    await page.screenshot({ path: 'test-results/faults/dicom-seg.png' });
    script = 'there';
    await ohif.panel.getByRole('button', { name: 'Try again' }).click();
    await expect(ohif.panel).toContainText('Stored in the archive');
  });
  expect(errors).toEqual([]);
});

test('reloaded in every phase of a run: the outlines come back, and what was encoded', async ({
  page,
}) => {
  const errors = uncaughtErrors(page);
  inEachWorker(page, countKept);
  const ohif = new Ohif(page);
  const drawn = await outline(ohif);
  const step = ohif.panel.locator('[aria-current="step"]');
  /** Embeddings that each worker computed and kept, one worker for each phase. */
  const encoded: number[] = [];
  const countEncoded = async () => {
    const worker = page.workers().find(isOurs);
    encoded.push((await worker?.evaluate(() => globalThis.embeddingsKept)) ?? 0);
  };
  const reloadIn = (phase: string, method: string) =>
    test.step(phase, async () => {
      await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
      await ohif.chooseMethod(method);
      await ohif.propagateButton.click();
      await expect(step).toContainText(phase, { timeout: 180_000 });
      await countEncoded();
      await ohif.openStudy(site.url);
      await ohif.showSeries('GOOD');
      await ohif.tab('fewshot');
      await expect(ohif.panel).toContainText('Restore what you drew on 2 slices?');
      await ohif.panel.getByRole('button', { name: 'Restore' }).click();
      await expectOutlined(ohif);
      expect(await ohif.masks()).toEqual(drawn);
    });
  await reloadIn('Loading the model', 'Follow the outlines');
  await reloadIn('Encoding the outlined slices', 'Follow the outlines');
  await reloadIn('Segmenting the other slices', 'Follow the outlines');
  await ohif.propagate();
  await countEncoded();
  // Nothing that was kept is computed again: five slices in all.
  expect(encoded.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(5);
  expect(encoded.at(-1)).toBeLessThanOrEqual(3);
  await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  await reloadIn('Learning the structure', 'Fine-tune SAM');
  expect(errors).toEqual([]);
});

test('study closed during a run; asleep for a night; two tabs at once', async ({ page }) => {
  const errors = uncaughtErrors(page);
  inEachWorker(page, withClock);
  await page.addInitScript(withClock);
  const ohif = new Ohif(page);
  const drawn = await outline(ohif);
  const step = ohif.panel.locator('[aria-current="step"]');

  await test.step('closed, and opened again without a reload', async () => {
    await expect.poll(() => ohif.keptDrafts()).toHaveLength(1);
    await ohif.propagateButton.click();
    await expect(step).toContainText('Segmenting the other slices', { timeout: 180_000 });
    await page.locator('[data-cy="return-to-work-list"]').click();
    await expect.poll(() => liveWorkers(page)).toBe(0);
    await expect(ohif.panel).toBeHidden();
    await page.goBack();
    await expect.poll(() => ohif.sliceCount()).toBeGreaterThan(0);
    await ohif.showSeries('GOOD');
    await ohif.tab('fewshot');
    await ohif.panel.getByRole('button', { name: 'Restore' }).click();
    await expectOutlined(ohif);
    expect(await ohif.masks()).toEqual(drawn);
  });

  await test.step('asleep', async () => {
    await ohif.propagateButton.click();
    await expect(step).toContainText('Segmenting the other slices', { timeout: 180_000 });
    const sleep = () => void (globalThis.clockAhead = 8 * 3600 * 1000);
    await page.evaluate(sleep);
    await page.workers().find(isOurs)!.evaluate(sleep);
    const minutes: number[] = [];
    await expect(async () => {
      const text = (await ohif.panel.textContent()) ?? '';
      minutes.push(Number(/about (\d+) min left/.exec(text)?.[1] ?? 0));
      expect(text).toContain('Review the result');
    }).toPass({ timeout: 180_000, intervals: [100] });
    expect(Math.max(...minutes)).toBeLessThan(10);
    await expect(ohif.panel.getByRole('alert')).toHaveCount(0);
    expect(await ohif.masks()).toEqual(drawn);
    await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  });

  await test.step('two tabs, both running: each keeps what was drawn in it', async () => {
    const second = await page.context().newPage();
    const otherErrors = uncaughtErrors(second);
    const other = new Ohif(second);
    await other.openStudy(site.url);
    await other.showSeries('GOOD');
    await other.addSegmentation();
    await other.drawEllipses([1, 4], { ...DISK, radiusX: 0.1 });
    await expectOutlined(other);
    const otherDrawn = await other.masks();
    expect(otherDrawn).not.toEqual(drawn);
    await expect.poll(() => ohif.keptDrafts()).toHaveLength(2);
    await other.openStudy(site.url);
    await other.showSeries('GOOD');
    await other.tab('fewshot');
    await other.panel.getByRole('button', { name: 'Restore' }).click();
    await expectOutlined(other);
    await ohif.propagateButton.click();
    await other.propagateButton.click();
    for (const [one, own] of [[ohif, drawn] as const, [other, otherDrawn] as const]) {
      await one.expectReview();
      expect(await one.masks()).toEqual(own);
      await one.acceptAll();
      expect(Object.keys(await one.voxels())).toHaveLength(5);
    }
    expect(otherErrors).toEqual([]);
    await second.close();
  });
  expect(errors).toEqual([]);
});
