/**
 * `npm run test:firefox`: the main walk in an unpatched Firefox, driven by WebDriver BiDi: outline, propagate,
 * accept; the masks are right and what was drawn is unchanged. Playwright's own Firefox is a patched one. Skipped
 * where there is no Firefox (Debian: firefox-esr; or FIREFOX_PATH), or no screen: a headless Firefox has no WebGL
 * without a GPU, so it is given Xvfb's (Debian: xvfb).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import puppeteer, { type Page } from 'puppeteer-core';
import { countOverlap, dice as diceOf } from '../engine/src/image/overlap';
import { pageFunctions } from './browser/pageFunctions';
import { startSite } from './browser/site';

const FIREFOX = [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
  file => file && existsSync(file),
);
/** Rows and columns of the demo study. */
const SIZE = 256;
/** Upwards; the run is limited to these and what lies between. */
const OUTLINED = [8, 10];
const RUN = 600_000;

/** A disc as the page takes it, one byte per voxel. */
const DISC = Buffer.from(
  Uint8Array.from({ length: SIZE * SIZE }, (_, i) =>
    Number(Math.hypot((i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2) < 60),
  ),
).toString('base64');

const click = (page: Page, selector: string) => page.locator(selector).setTimeout(60_000).click();
/** Not looked at with each picture, as is usual: a screen that nobody looks at may stop drawing. */
const looking = { polling: 250 };
const says = (page: Page, text: string, timeout = 60_000) =>
  page.waitForFunction(
    words => document.body.innerText.includes(words),
    { ...looking, timeout },
    text,
  );
const tab = (page: Page, name: string) => click(page, `[data-cy^="${name}"][data-cy$="-btn"]`);

async function walk(page: Page, url: string): Promise<void> {
  const studies: Record<string, { Value: string[] }>[] = await (
    await fetch(`${url}/dicomweb/studies`)
  ).json();
  // Names of functions, which tsx keeps by a helper of its own.
  await page.evaluateOnNewDocument('globalThis.__name = value => value');
  await page.evaluateOnNewDocument(pageFunctions);
  await page.goto(`${url}/fewshot?StudyInstanceUIDs=${studies[0]['0020000D'].Value[0]}`);
  await page.waitForFunction(() => window.ohif.activeViewport()?.getImageIds().length, {
    ...looking,
    timeout: 120_000,
  });
  await click(page, '[data-cy="confirm-and-hide-button"]');
  await tab(page, 'panelSegmentationWithToolsLabelMap');
  await click(page, '[data-cy="addSegmentation"]');
  await page.waitForFunction(
    () => Object.keys(window.ohif.activeSegmentation()?.segments ?? {}).length === 1,
    looking,
  );
  const uids = await page.evaluate(() => window.ohif.upwards());
  const outlined = OUTLINED.map(i => uids[i]);
  await page.evaluate(
    (masks: Record<string, string>) => window.ohif.draw(masks, 1),
    Object.fromEntries(outlined.map(uid => [uid, DISC])),
  );
  await tab(page, 'fewshot');
  await says(page, 'Slices you outlined');
  await click(page, '[data-cy="FewshotPropagate"] button');
  await says(page, 'Review the result', RUN);
  const before = await page.evaluate(() => window.ohif.masks(1));
  for (const [uid, mask] of Object.entries(before)) {
    const isDrawn = outlined.includes(uid);
    assert.equal(Buffer.from(mask, 'base64').includes(1), isDrawn, 'written before it is accepted');
  }
  await click(page, '::-p-text(Accept all)');
  await click(page, '::-p-text(Accept and finish)');
  await says(page, 'Store to archive');
  const masks = await page.evaluate(() => window.ohif.masks(1));
  for (const uid of outlined) assert.equal(masks[uid], DISC, 'what was drawn was changed');
  const [inside, found] = [DISC, masks[uids[OUTLINED[0] + 1]]].map(text =>
    Buffer.from(text, 'base64'),
  );
  const dice = diceOf(countOverlap(found, inside));
  assert.ok(dice > 0.7, `between two equal discs: Dice ${dice.toFixed(2)}`);
  console.log(`Dice of the slice between with its neighbors: ${dice.toFixed(2)}`);
  const device = await page.evaluate(() => /MobileSAM[^\n]*/.exec(document.body.innerText)?.[0]);
  console.log(`Figure: main walk in Firefox: passed; ${device}`);
}

async function main(): Promise<void> {
  if (!FIREFOX) {
    console.log(
      'Firefox: SKIPPED, none was found. Install it (Debian: firefox-esr) or set FIREFOX_PATH.',
    );
    return;
  }
  const site = await startSite();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: false,
    protocolTimeout: RUN,
    // Without a GPU, Mesa draws.
    env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: '1' },
    extraPrefsFirefox: { 'webgl.force-enabled': true },
  });
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 900 });
  const errors: string[] = [];
  page.on('pageerror', error => {
    const text = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    if (text.includes('/plugins/fewshot/')) errors.push(text);
  });
  mkdirSync('test-results/firefox', { recursive: true });
  try {
    console.log(await browser.version());
    await walk(page, site.url);
    assert.deepEqual(errors, []);
  } finally {
    await page.screenshot({ path: 'test-results/firefox/end.png' }).catch(() => undefined);
    await browser.close();
    await site.stop();
  }
}

const hasScreen = process.platform !== 'linux' || process.env.DISPLAY !== undefined;
if (hasScreen || !FIREFOX) {
  await main();
} else if (existsSync('/usr/bin/xvfb-run')) {
  const self = [process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url)];
  const { status } = spawnSync('xvfb-run', ['-a', '-s', '-screen 0 1400x1000x24', ...self], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  console.log('Firefox: SKIPPED, there is no screen. Install Xvfb (Debian: xvfb).');
}
