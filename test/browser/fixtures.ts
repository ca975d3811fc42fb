import { test as base, type BrowserContext } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keptByBrowser } from './browserStorage';

export { expect, type ConsoleMessage, type Locator, type Page } from '@playwright/test';

interface Options {
  /**
   * Leaves the embeddings of earlier tests in the browser, so that slices shown again are not encoded
   * again. Everything else is deleted all the same.
   */
  keepEmbeddings: boolean;
}

interface SharedBrowser {
  context: BrowserContext;
  /** Origins of the pages that were shown. */
  origins: Set<string>;
}

/** Where the plug-in keeps embeddings, in the origin private file system. */
const EMBEDDINGS = 'fewshot-sam-embeddings';
/** A small file of every site. */
const SMALL = '/plugins/fewshot/files.json';

/**
 * Playwright's `test` with one browser profile for all tests of a worker. The viewer's 20 MB of scripts are
 * compiled once instead of in every test, because Chromium keeps compiled scripts on disk; a context of
 * Playwright's own keeps nothing. Each test still starts with an empty browser: cookies, storage,
 * databases and files of earlier tests are deleted, and only the HTTP cache stays. A test that needs a
 * browser of its own imports `test` from Playwright.
 */
export const test = base.extend<Options, { shared: SharedBrowser }>({
  keepEmbeddings: [false, { option: true }],

  shared: [
    async ({ playwright, launchOptions }, provide) => {
      const profile = mkdtempSync(path.join(tmpdir(), 'fewshot-profile-'));
      const context = await playwright.chromium.launchPersistentContext(profile, {
        ...launchOptions,
        viewport: { width: 1400, height: 900 },
      });
      context.setDefaultTimeout(30_000);
      context.setDefaultNavigationTimeout(0);
      const origins = new Set<string>();
      context.on('page', page =>
        page.on('framenavigated', frame => {
          if (/^https?:/.test(frame.url())) origins.add(new URL(frame.url()).origin);
        }),
      );
      await provide({ context, origins });
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],

  context: async ({ shared: { context, origins }, keepEmbeddings }, provide) => {
    // The browser's first page stays, so that the browser does not end with the last one.
    const [first] = context.pages();
    await context.clearCookies();
    for (const origin of origins) await empty(context, origin, keepEmbeddings);
    await provide(context);
    await context.setOffline(false);
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    for (const page of context.pages()) if (page !== first) await page.close();
  },
});

/** @throws Error when something stays that should not */
async function empty(context: BrowserContext, origin: string, keepEmbeddings: boolean) {
  const page = await context.newPage();
  try {
    const answer = await page.goto(origin + SMALL).catch(() => null);
    if (keepEmbeddings && answer) {
      await page.evaluate(async kept => {
        localStorage.clear();
        for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
        const root = await navigator.storage.getDirectory();
        for await (const [name] of root.entries()) {
          for (let tries = 0; name !== kept; tries++) {
            try {
              await root.removeEntry(name, { recursive: true });
              break;
            } catch (error) {
              // The worker of the page that was just closed may hold a file open for a moment.
              const isHeld = (error as DOMException).name === 'NoModificationAllowedError';
              if (!isHeld || tries === 50) throw error;
              await new Promise(resolve => setTimeout(resolve, 100));
            }
          }
        }
      }, EMBEDDINGS);
    } else {
      const session = await context.newCDPSession(page);
      await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
    }
    // Without its site an origin shows no page to look from; it is looked at when it has one again.
    if (!answer) return;
    const left = (await keptByBrowser(page)).map(({ name }) => name);
    const wrong = left.filter(name => !keepEmbeddings || !name.startsWith(`opfs:${EMBEDDINGS}/`));
    if (wrong.length) throw new Error(`Left from an earlier test: ${wrong.join(', ')}`);
  } finally {
    await page.close();
  }
}
