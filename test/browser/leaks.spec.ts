/**
 * A whole walk under the Content-Security-Policy: nothing of ours breaks it, no request leaves for
 * another machine, and nothing that names the patient or the study stays behind in the browser.
 */
import { expect, test, type ConsoleMessage, type Page } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { browserOwn } from './browserOwn';
import { findTexts, keptByBrowser } from './browserStorage';
import { writeIdentifiedStudy } from './identifiedStudy';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';
import { watch, type WatchedSite } from './watchedSite';

const DISK = { x: 0.5, y: 0.5, radiusX: 0.12, radiusY: 0.12 };

let folder: string;
let identifiers: string[];
let site: Site;
let watched: WatchedSite;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-identified-'));
  identifiers = writeIdentifiedStudy(folder);
  site = await startSite('--dicom', folder);
  watched = await watch(site.url);
});
test.afterAll(async () => {
  await watched.stop();
  await site.stop();
  rmSync(folder, { recursive: true });
});

const isOurs = (url: string) => url.includes('/plugins/fewshot/');

/** Keeps what our scripts store, by the stack of the call: the viewer stores things of its own. */
async function traceOurWrites(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.ourWrites = [];
    const trace = <T extends object>(prototype: T, method: keyof T & string) => {
      const original = prototype[method] as (...args: unknown[]) => unknown;
      Object.assign(prototype, {
        [method](this: unknown, ...args: unknown[]) {
          if (new Error().stack?.includes('/plugins/fewshot/')) {
            window.ourWrites.push(`${method}(${args.map(String).join()})`);
          }
          return original.apply(this, args);
        },
      });
    };
    trace(Storage.prototype, 'setItem');
    trace(IDBFactory.prototype, 'open');
    trace(CacheStorage.prototype, 'open');
  });
}

/** @returns what came of code from text, and of a request to another machine: 0 for nothing */
async function tryForbidden(): Promise<unknown[]> {
  // In a task of its own: the debugger, which runs this, may evaluate what the page may not.
  const evaluated = await new Promise(resolve => {
    setTimeout(() => {
      try {
        resolve(new Function('return 1')());
      } catch {
        resolve(0);
      }
    });
  });
  const fetched = await fetch('http://outside.example/').catch(() => 0);
  return [evaluated, fetched];
}

test('walk: no violation of the policy, no request outside, no identifier left behind', async ({
  playwright,
  launchOptions,
}) => {
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    proxy: { server: watched.proxy, bypass: '127.0.0.1' },
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const requests: string[] = [];
  const messages: ConsoleMessage[] = [];
  page.context().on('request', request => requests.push(request.url()));
  page.on('console', message => messages.push(message));
  await traceOurWrites(page);

  const ohif = new Ohif(page);
  await ohif.openStudy(watched.url);
  await ohif.paintTwoSlices(DISK);
  await ohif.propagate();
  await ohif.acceptAll();
  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  const downloading = page.waitForEvent('download');
  await ohif.panel.getByRole('button', { name: 'Download DICOM SEG' }).click();
  const download = await downloading;
  const worker = page.workers().find(each => each.url().endsWith('/plugins/fewshot/worker.js'))!;
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

  await test.step('the policy', async () => {
    expect(watched.violations).toEqual([]);
    // It forbids other machines, and code from text in our worker; and we would hear of it. The viewer
    // itself builds functions from text.
    expect(await page.evaluate(tryForbidden)).toEqual([1, 0]);
    expect(await worker.evaluate(tryForbidden)).toEqual([0, 0]);
    await expect.poll(() => watched.violations.length).toBe(3);
    expect(watched.violations.map(({ blocked }) => blocked).sort()).toEqual([
      'eval',
      'http://outside.example/',
      'http://outside.example/',
    ]);
  });

  await test.step('requests', async () => {
    const hosts = new Set(
      requests.filter(url => url.startsWith('http')).map(url => new URL(url).origin),
    );
    hosts.delete('http://outside.example');
    expect([...hosts]).toEqual([watched.url]);
    expect(requests.filter(isOurs).length).toBeGreaterThan(3);
    const outside = watched.outside.filter(request => !browserOwn(request));
    console.log(`Figure: requests to third parties: ${outside.length} of ${requests.length}`);
    expect(outside).toEqual([]);
    // A page without a policy gets through to the recorder: it would have heard of ours.
    const elsewhere = await browser.newPage();
    await elsewhere.goto('http://outside.example/').catch(() => undefined);
    expect(watched.outside).toContain('GET outside.example');
    await elsewhere.close();
  });

  await test.step('what stays in the browser', async () => {
    expect(download.suggestedFilename()).toMatch(/^fewshot-sam-seg-[\d-]+\.dcm$/);
    const stored = readFileSync(
      path.join(
        site.archive,
        readdirSync(site.archive).find(name => name.endsWith('.dcm'))!,
      ),
    );
    const ours = (await keptByBrowser(page)).filter(({ name }) => name.startsWith('opfs:'));
    expect(ours.length).toBeGreaterThan(3);
    const found = findTexts(ours, identifiers);
    const searched = ours.reduce((sum, { content }) => sum + content.length, 0);
    const bytes = found.reduce((sum, text) => sum + text.split(': ')[1].length, 0);
    console.log(
      `Figure: bytes of patient data kept in the browser: ${bytes}, of ${searched} in ${ours.length} files`,
    );
    expect(found).toEqual([]);
    expect(await page.evaluate(() => window.ourWrites)).toEqual([]);
    const databases = await page.evaluate(() => indexedDB.databases());
    expect(databases.map(({ name }) => name).filter(name => /few-?shot/i.test(name!))).toEqual([]);
    // The finder finds: what we store to the archive names the patient and the series.
    const inArchive = findTexts([{ name: 'seg', content: stored.toString('latin1') }], identifiers);
    expect(inArchive).toContain('seg: Quillfeather');
    expect(inArchive.length).toBeGreaterThan(8);
  });

  await test.step('the console', () => {
    const ours = messages.filter(message => isOurs(message.location().url));
    const texts = ours.map(message => ({ name: 'console', content: message.text() }));
    expect(findTexts(texts, identifiers)).toEqual([]);
  });

  await test.step('cleared by its button', async () => {
    await ohif.panel.getByText('Settings').click();
    await ohif.panel.getByRole('button', { name: 'Clear computed slices' }).click();
    await page.screenshot({ path: 'test-results/leaks/clear.png' });
    await ohif.panel.getByRole('button', { name: /^Delete/ }).click();
    await expect(ohif.panel).toContainText('Deleted.');
    const left = (await keptByBrowser(page)).filter(({ name }) => name.startsWith('opfs:'));
    expect(left).toEqual([]);
  });
  await browser.close();
});

declare global {
  interface Window {
    ourWrites: string[];
  }
}
