/**
 * The origin private file system is a browser's own, so these tests run in one: a page on localhost
 * with the bundled cache, once on the page itself and once in a worker, which writes another way.
 */
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { CHROMIUM } from '../../../test/chromium';

const withBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('OpfsCache: skipped, no Chromium found. Set CHROMIUM_PATH.');

/** Runs in the browser: the steps of every test, on letters for keys and numbers for embeddings. */
const PROGRAM = `
  import { OpfsCache } from './opfsCache';
  const key = letter => letter.repeat(64);
  const embedding = value => new Uint16Array(1000).fill(value);
  async function files() {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle('fewshot-sam-embeddings');
  }
  async function run(steps, limit) {
    const cache = await OpfsCache.open(limit);
    const results = [];
    for (const [step, letter, value] of steps) {
      if (step === 'put') await cache.put(key(letter), embedding(value));
      if (step === 'get') {
        const found = await cache.get(key(letter));
        results.push(found && found.length === 1000 && found.every(v => v === found[0]) ? found[0] : null);
      }
      if (step === 'clear') await cache.clear();
      if (step === 'size') results.push((await cache.size()).bytes);
      if (step === 'truncate') {
        const handle = await (await files()).getFileHandle(key(letter) + '.embedding');
        if (handle.createSyncAccessHandle) {
          const access = await handle.createSyncAccessHandle();
          access.truncate(value);
          access.close();
        } else {
          const writable = await handle.createWritable({ keepExistingData: true });
          await writable.truncate(value);
          await writable.close();
        }
      }
      // File times have a resolution of a millisecond.
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    return results;
  }
  if (typeof document === 'undefined') {
    self.onmessage = async ({ data }) => self.postMessage(await run(...data));
  } else {
    window.runOnPage = run;
    window.runInWorker = (...data) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/program.js');
        worker.onmessage = event => resolve(event.data);
        worker.onerror = event => reject(new Error(event.message));
        worker.postMessage(data);
      });
  }
`;

type Step = [step: 'put' | 'get' | 'clear' | 'size' | 'truncate', letter?: string, value?: number];
type Place = 'runOnPage' | 'runInWorker';
const FILE_BYTES = 2040;

withBrowser('OpfsCache in Chromium', () => {
  let server: Server;
  let profile: string;
  let browser: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: path.resolve(__dirname), loader: 'js' },
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2022',
    });
    server = createServer((request, response) => {
      const isProgram = request.url === '/program.js';
      response.setHeader('Content-Type', isProgram ? 'text/javascript' : 'text/html');
      response.end(
        isProgram ? outputFiles[0].text : '<!doctype html><script src="/program.js"></script>',
      );
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    // A profile on disk, as users have: a private window keeps its files in memory and their times fixed.
    profile = await mkdtemp(path.join(tmpdir(), 'chromium-'));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      args: ['--no-sandbox'],
    });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise(resolve => server.close(resolve));
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  beforeEach(async () => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await run('runOnPage', [['clear']]);
  });

  const run = (place: Place, steps: Step[], limit?: number) =>
    page.evaluate(
      ([name, ...rest]) =>
        (window as unknown as Record<string, (...data: unknown[]) => Promise<(number | null)[]>>)[
          name as string
        ](...rest),
      [place, steps, limit] as unknown[],
    );

  describe.each<Place>(['runOnPage', 'runInWorker'])('%s', place => {
    it('gives embeddings back to a later visit', async () => {
      await run(place, [['put', 'a', 15]]);
      await page.reload();
      expect(
        await run(place, [
          ['get', 'a'],
          ['get', 'b'],
        ]),
      ).toEqual([15, null]);
    });

    it('replaces an embedding, and forgets all when cleared', async () => {
      const steps: Step[] = [
        ['put', 'a', 1],
        ['put', 'a', 2],
        ['get', 'a'],
        ['clear'],
        ['get', 'a'],
      ];
      expect(await run(place, steps)).toEqual([2, null]);
    });

    it('forgets a file that was cut short', async () => {
      const steps: Step[] = [
        ['put', 'a', 1],
        ['truncate', 'a', 1000],
        ['get', 'a'],
        ['put', 'a', 3],
        ['get', 'a'],
      ];
      expect(await run(place, steps)).toEqual([null, 3]);
    });

    it('drops the oldest beyond its limit', async () => {
      const steps: Step[] = [
        ...(['a', 'b', 'c'] as const).map((letter, i): Step => ['put', letter, i]),
        ...(['a', 'b', 'c'] as const).map((letter): Step => ['get', letter]),
      ];
      expect(await run(place, steps, 2 * FILE_BYTES)).toEqual([null, 1, 2]);
    });
  });

  it('says how much it keeps, over many writes never more than its limit', async () => {
    const letters = [...'0123456789abcdef'];
    const steps = letters.flatMap((letter, i): Step[] => [['put', letter, i], ['size']]);
    const sizes = letters.map((_, i) => Math.min(i + 1, 10) * FILE_BYTES);
    expect(await run('runInWorker', steps, 10 * FILE_BYTES)).toEqual(sizes);
  });

  it('keeps what was used last, in a worker', async () => {
    const steps: Step[] = [
      ['put', 'a', 1],
      ['put', 'b', 2],
      ['get', 'a'],
      ['put', 'c', 3],
      ['get', 'a'],
      ['get', 'b'],
    ];
    expect(await run('runInWorker', steps, 2 * FILE_BYTES)).toEqual([1, 1, null]);
  });
});
