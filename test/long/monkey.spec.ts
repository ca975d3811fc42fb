/** Random use of the real viewer: what a hand drew stays, nothing is thrown, the panel is never stuck. */
import { expect, test } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBadSeries } from '../browser/badSeries';
import { uncaughtErrors } from '../browser/faultyBrowser';
import { Ohif } from '../browser/ohif';
import { startSite, type Site } from '../browser/site';
import { FIRST, writePatients } from '../browser/patients';
import { Monkey } from './monkey';

const MINUTES = Number(process.env.TEST_MINUTES ?? 30);
const SEED = Number(process.env.TEST_SEED ?? 1);
/** Nothing that a person does takes longer, but for a run. */
const MOST_FOR_A_STEP = 90_000;
const MOST_FOR_A_RUN = 300_000;

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-monkey-'));
  writeBadSeries(folder);
  writePatients(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

test(`${MINUTES} minutes of random use, seed ${SEED}`, async ({ page }) => {
  const errors = uncaughtErrors(page);
  const alerts = new Set<string>();
  page.on('console', message => {
    const isOurs = message.location().url.includes('/plugins/fewshot/');
    if (message.type() === 'error' && isOurs) errors.push(message.text());
  });
  page.on('crash', () => errors.push('the page crashed'));
  const ohif = new Ohif(page);
  const studies: Record<string, { Value: string[] }>[] = await (
    await fetch(`${site.url}/dicomweb/studies`)
  ).json();
  const uids = studies.map(study => study['0020000D'].Value[0]);
  const bad = uids.find(uid => !uid.startsWith('2.25.9'))!;
  const monkey = new Monkey(
    page,
    ohif,
    {
      url: site.url,
      studies: [
        { uid: bad, series: ['GOOD', 'OTHER'] },
        { uid: FIRST.study, series: [''] },
      ],
    },
    SEED,
  );
  await monkey.start();

  const start = Date.now();
  const minutes = () => (Date.now() - start) / 60_000;
  for (let step = 1; minutes() < MINUTES; step++) {
    const did = await inTime(monkey.step(), MOST_FOR_A_STEP, `step ${step}`);
    console.log(`${minutes().toFixed(1)} min, ${step}: ${did}`);
    const alert = ohif.panel.getByRole('alert');
    if (await alert.isVisible()) alerts.add((await alert.textContent()) ?? '');
    // What is being brought back is not all there at once.
    const altered = () => monkey.drawn.altered();
    await expect.poll(altered, { message: `after step ${step}, ${did}` }).toEqual([]);
    expect(errors, `after step ${step}, ${did}`).toEqual([]);
  }
  console.log(JSON.stringify(monkey.counts));
  console.log('Said:', [...alerts]);
  const steps = Object.values(monkey.counts).reduce((sum, count) => sum + count, 0);
  console.log(
    `Figure: uncaught errors in ${minutes().toFixed(0)} minutes of random use, ${steps} steps, seed ${SEED}: ${errors.length}`,
  );
  expect([...alerts].filter(text => /unexpected|computation failed/.test(text))).toEqual([]);

  await expect
    .poll(() => monkey.doing(), { message: 'a run comes to its end', timeout: MOST_FOR_A_RUN })
    .not.toBe('running');
  if ((await monkey.doing()) === 'review') {
    await ohif.panel.getByRole('button', { name: 'Discard' }).click();
  }
  await expect(ohif.panel.getByRole('button', { name: /^Few-shot propagate/ })).toBeVisible();
});

async function inTime<T>(work: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} is stuck`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
