/** Many propagations in one page: after each, memory comes back to what it was after the first. */
import { chromium, expect, test, type Page } from '@playwright/test';
import { pageMemory } from '../bench/chromiumMemory';
import { isOurs } from '../browser/faultyBrowser';
import { Ohif } from '../browser/ohif';
import { startSite, type Site } from '../browser/site';

const BRAIN = { x: 0.505, y: 0.48, radiusX: 0.24, radiusY: 0.29 };
const OUTLINED = [5, 9, 13];
const RUNS = Number(process.env.TEST_RUNS ?? 20);
/** Of what is left of the growth: the last runs against the first. */
const MOST = 1.1;

interface Memory {
  /** JavaScript, DOM and buffers of page and workers, as the browser tells a page. */
  page: number;
  worker: number;
  /** All that the process holds. */
  process: number;
}

declare global {
  interface Performance {
    /** https://wicg.github.io/performance-measure-memory/ */
    measureUserAgentSpecificMemory(): Promise<{
      breakdown: { bytes: number; attribution: { scope: string }[] }[];
    }>;
  }
}

let site: Site;
test.beforeAll(async () => {
  site = await startSite();
});
test.afterAll(() => site.stop());

/** After all garbage is gone, also what goes only once other garbage has gone. */
async function memoryOf(page: Page, browser: number): Promise<Memory> {
  const session = await page.context().newCDPSession(page);
  const workers = page.workers().filter(isOurs);
  for (let i = 0; i < 3; i++) {
    await session.send('HeapProfiler.collectGarbage');
    for (const worker of workers) await worker.evaluate(() => void globalThis.gc?.());
    await page.waitForTimeout(300);
  }
  await session.detach();
  const { breakdown } = await page.evaluate(() => performance.measureUserAgentSpecificMemory());
  const sum = (isWorker: boolean) =>
    breakdown
      .filter(
        ({ attribution }) => attribution.some(({ scope }) => /Worker/.test(scope)) === isWorker,
      )
      .reduce((total, { bytes }) => total + bytes, 0);
  return {
    page: sum(false),
    worker: sum(true),
    process: (await pageMemory(browser, 'now')) ?? NaN,
  };
}

test(`${RUNS} propagations in a row`, async ({ launchOptions, viewport }) => {
  const server = await chromium.launchServer({
    ...launchOptions,
    args: [
      ...(launchOptions.args ?? []),
      '--js-flags=--expose-gc',
      // Else the browser waits up to 20 s for the next garbage collection.
      '--enable-blink-features=ForceEagerMeasureMemory',
    ],
  });
  const connected = await chromium.connect(server.wsEndpoint());
  const page = await connected.newPage({ viewport });
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  await ohif.drawEllipses(OUTLINED, BRAIN);
  await ohif.tab('fewshot');
  await expect(ohif.panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(3);
  await ohif.chooseRange(OUTLINED[0], OUTLINED.at(-1)!);
  const drawn = await ohif.voxels();

  const series: Memory[] = [];
  for (let run = 1; run <= RUNS; run++) {
    await ohif.propagate();
    if (run % 2) {
      await ohif.panel.getByRole('button', { name: 'Discard' }).click();
    } else {
      await ohif.acceptAll();
      await page.locator('[data-cy="undo-btn"]').click();
      await ohif.panel.getByRole('button', { name: 'Discard' }).click();
    }
    await expect(ohif.panel.getByRole('button', { name: /^Few-shot propagate/ })).toBeVisible();
    await expect.poll(() => ohif.voxels()).toEqual(drawn);
    const memory = await memoryOf(page, server.process().pid!);
    series.push(memory);
    const megabytes = Object.entries(memory).map(
      ([name, bytes]) => `${name} ${(bytes / 2 ** 20).toFixed(1)} MB`,
    );
    console.log(`Run ${run}: ${megabytes.join(', ')}`);
  }
  await server.close();
  const kept = (['page', 'worker', 'process'] as const).map(part => {
    const last = Math.min(...series.slice(-3).map(memory => memory[part]));
    return `${part} ${((100 * last) / series[0][part]).toFixed(1)} %`;
  });
  console.log(
    `Figure: memory after ${RUNS} propagations, of that after the first: ${kept.join(', ')}`,
  );
  for (const part of ['page', 'worker', 'process'] as const) {
    const last = series.slice(-3).map(memory => memory[part]);
    expect([part, Math.min(...last) / series[0][part] < MOST]).toEqual([part, true]);
  }
});
