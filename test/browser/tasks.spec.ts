/**
 * A structure learned in one study and found in another, in the real viewer with the real engine;
 * with fewer updates than usual, since how well it is found is measured elsewhere.
 */
import { expect, test, type Page } from './fixtures';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasPydicom, readWithPydicom } from '../dicom/tools';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';
import { FIRST, FOURTH, SECOND, THIRD, writePatients, type Patient } from './patients';

/** The brain, roughly. */
const BRAIN = { x: 0.5, y: 0.48, radiusX: 0.24, radiusY: 0.3 };
const LEARNING = { iterations: 8, copies: 1 };

let folder: string;
let site: Site;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-patients-'));
  writePatients(folder);
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** A site that lets its computers learn less. */
async function learnLess(page: Page): Promise<void> {
  await page.route('**/app-config.js', async route => {
    const response = await route.fetch();
    const body = `${await response.text()}\nwindow.config.fewshot = ${JSON.stringify({ learning: LEARNING })};`;
    await route.fulfill({ response, body });
  });
}

const look = (page: Page, name: string) =>
  page.screenshot({ path: `test-results/tasks/${name}.png` });

function expectNothingOf({ study, series, name, id, date }: Patient, bytes: Buffer): void {
  for (const text of [study, series, id, date, ...name.split('^')]) {
    expect(bytes.includes(text), text).toBe(false);
  }
}

test('save as a task, apply to another patient without drawing, store; export, delete, import', async ({
  page,
}) => {
  await learnLess(page);
  const ohif = new Ohif(page);
  const { panel } = ohif;
  const button = (name: string | RegExp) => panel.getByRole('button', { name });
  await ohif.openStudy(site.url, FIRST.study);
  await ohif.tab('fewshot');
  await expect(panel).toContainText('Save an outlined structure as a task');
  await look(page, '1-empty');

  await ohif.addSegmentation();
  await ohif.drawEllipses([2, 6], BRAIN);
  const drawn = await ohif.voxels();
  await ohif.tab('fewshot');
  await button('Save as task').click();
  await panel.getByLabel('Name of the task').fill('Brain of Anna');
  await button('Learn and save').click();
  await expect(panel).toContainText('“Anna” is the name or ID of this patient.');
  await panel.getByLabel('Name of the task').fill('Brain');
  await expect(panel).toContainText(/Learning 2 slices takes about/);
  await look(page, '2-save');

  // Cancelled, nothing is kept and nothing has changed.
  await button('Learn and save').click();
  await expect(panel).toContainText('Learning Brain', { timeout: 60_000 });
  await expect(panel).toContainText('Encoding the outlined slices', { timeout: 120_000 });
  await look(page, '3-learning');
  const before = Date.now();
  await button('Cancel').click();
  await expect(button('Save as task')).toBeVisible();
  expect(Date.now() - before).toBeLessThan(5000);
  await expect(panel).toContainText('Save an outlined structure as a task');

  await button('Save as task').click();
  await panel.getByLabel('Name of the task').fill('Brain');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('Saved “Brain”.', { timeout: 400_000 });
  expect(await ohif.voxels()).toEqual(drawn);
  await expect(panel.getByRole('list', { name: 'Tasks' })).toContainText('MR · axial · 2 slices');
  await look(page, '4-saved');

  await ohif.openStudy(site.url, SECOND.study);
  await ohif.tab('fewshot');
  await button('Apply Brain').click();
  await expect(panel).toContainText('Looking for Brain');
  await ohif.expectReview();
  // Discarded, nothing of it is left in the viewer.
  expect(await ohif.segmentIndices()).toEqual([1]);
  await button('Discard').click();
  await expect.poll(() => ohif.segmentIndices()).toEqual([]);
  await expect(page.locator('[data-cy="undo-btn"]')).toBeVisible();
  await page.locator('[data-cy="undo-btn"]').click({ force: true });
  expect(await ohif.segmentIndices()).toEqual([]);

  await button('Apply Brain').click();
  await ohif.expectReview();
  await expect(panel).toContainText(
    'a starting point, not a result. Accuracy is unknown; look at every slice.',
  );
  await expect(ohif.predictions('predicted')).toHaveCount(1);
  await look(page, '5-applied');
  // Nothing is written before it is accepted.
  expect(await ohif.voxels()).toEqual({});
  await ohif.acceptAll();
  expect(Object.keys(await ohif.voxels()).length).toBeGreaterThan(0);
  await expect(panel.getByRole('radio', { name: /^Brain, on \d slices?/ })).toBeChecked();
  await button('Store to archive').click();
  await expect(panel).toContainText('Stored in the archive');
  if (hasPydicom) {
    const [file] = readdirSync(site.archive, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.dcm'),
    );
    const seg = readWithPydicom(path.join(site.archive, file), folder);
    expect(seg.segments).toMatchObject([{ label: 'Brain', algorithmType: 'AUTOMATIC' }]);
  }

  await button('More for Brain').click();
  await expect(panel.getByRole('menuitem', { name: /^Add the slices/ })).toBeDisabled();
  await look(page, '6-menu');
  const download = page.waitForEvent('download');
  await panel.getByRole('menuitem', { name: /^Export file/ }).click();
  const exported = await download;
  expect(exported.suggestedFilename()).toBe('Brain.task');
  const task = path.join(folder, 'Brain.task');
  await exported.saveAs(task);
  const bytes = readFileSync(task);
  expectNothingOf(FIRST, bytes);
  expectNothingOf(SECOND, bytes);

  await button('More for Brain').press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await look(page, '7-delete');
  await button('Delete').click();
  await expect(panel).toContainText('Save an outlined structure as a task');

  const choose = (file: string) => panel.locator('input[type=file]').setInputFiles(file);
  for (const [name, content, words] of [
    ['cut-off.task', bytes.subarray(0, bytes.length - 100), 'is cut off'],
    ['picture.task', Buffer.from('\x89PNG and so on, no task at all'), 'cannot be used'],
    ['later.task', replaced(bytes, '\\"version\\":1', '\\"version\\":9'), 'of version 9'],
    [
      'other.task',
      replaced(bytes, /\\"sha256\\":\\"[0-9a-f]/, '\\"sha256\\":\\"_'),
      'another model',
    ],
  ] as const) {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await choose(file);
    await expect(panel.getByRole('alert')).toContainText(`“${name}”`);
    await expect(panel.getByRole('alert')).toContainText(words);
  }
  await look(page, '8-refused');
  await choose(task);
  await expect(panel).toContainText('Imported “Brain”.');
  await expect(button('Apply Brain')).toBeEnabled();
  await look(page, '9-imported');

  // Its own slices are not in the file: it learns on from what is.
  await button('Add structure').click();
  await expect.poll(() => ohif.segmentIndices()).toEqual([1, 2]);
  await ohif.drawEllipses([1, 3], BRAIN, 2);
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  await button('More for Brain').click();
  await look(page, '10-add');
  await panel
    .getByRole('menuitem', { name: /^Add the slices.*none of the earlier slices/ })
    .click();
  await expect(panel).toContainText('Added these slices to “Brain”.', { timeout: 400_000 });
  await expect(panel.getByRole('list', { name: 'Tasks' })).toContainText('4 slices of 2 studies');
});

test('three patients are finished, a fourth is segmented without drawing, corrected, and added', async ({
  page,
}) => {
  await learnLess(page);
  const ohif = new Ohif(page);
  const { panel } = ohif;
  const button = (name: string | RegExp) => panel.getByRole('button', { name });
  const tasks = panel.getByRole('list', { name: 'Tasks' });
  const add = async () => {
    await button('More for Brain').click();
    await panel.getByRole('menuitem', { name: /^Add the slices/ }).click();
    await expect(panel).toContainText('Added these slices to “Brain”.', { timeout: 400_000 });
  };

  for (const [patient, slices, learned] of [
    [FIRST, [2, 6], '3 slices'],
    [SECOND, [1, 3], '5 slices of 2 studies'],
    [THIRD, [1, 3], '7 slices of 3 studies'],
  ] as const) {
    await ohif.openStudy(site.url, patient.study);
    await ohif.addSegmentation();
    await ohif.drawEllipses([...slices], BRAIN);
    await ohif.tab('fewshot');
    if (patient === FIRST) {
      // A slice on which the structure is not: the task learns that, and a run would end there.
      await ohif.scrollTo(6);
      await button('Not on this slice').click();
      await expect(panel).toContainText('is not on slice 7.');
      await expect(panel).toContainText('1 not there');
      await look(page, '11-absent');
      await button('Save as task').click();
      await panel.getByLabel('Name of the task').fill('Brain');
      await expect(panel).toContainText(/Learning 2 slices and 1 without it takes about/);
      await button('Learn and save').click();
      await expect(panel).toContainText('Saved “Brain”.', { timeout: 400_000 });
    } else {
      await add();
    }
    await expect(tasks).toContainText(learned);
  }

  await ohif.openStudy(site.url, FOURTH.study);
  await ohif.tab('fewshot');
  await button('Apply Brain').click();
  await ohif.expectReview();
  await expect(panel).toContainText(/Expected Dice: about 0\.\d\d/);
  await look(page, '12-fourth');
  await button('Edit this slice').click();
  await expect.poll(async () => Object.keys(await ohif.voxels()).length).toBe(1);
  const [[slice, voxels]] = Object.entries(await ohif.voxels());
  await ohif.drawEllipses([(await ohif.position()) + 1], {
    ...BRAIN,
    x: 0.15,
    radiusX: 0.1,
    radiusY: 0.1,
  });
  await expect.poll(async () => (await ohif.voxels())[slice]).not.toBe(voxels);
  await ohif.tab('fewshot');
  await ohif.acceptAll();
  await add();
  await expect(tasks).toContainText('8 slices of 4 studies');
  await look(page, '13-grown');
});

/** The description lies in the file as text: as many characters for as many. */
function replaced(bytes: Buffer, what: string | RegExp, by: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(what, by), 'latin1');
}
