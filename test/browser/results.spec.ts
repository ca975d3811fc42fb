/**
 * The results card: after a propagation on the demo study its figures are those that scipy computes from the
 * SEG in Orthanc, and the report stored beside it says the same.
 */
import { expect, test } from './fixtures';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasScipy, measureWithScipy, readReportWithPydicom } from '../dicom/tools';
import { hasOrthanc, LACKING, Orthanc } from '../pacs/orthanc';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

/** Rows and columns of the demo study. */
const SIZE = 256;
const DEMO_STUDY = path.resolve('.cache', 'demo-study');

test.skip(!hasOrthanc, `${LACKING} is not installed`);
test.skip(!hasScipy, 'python3-pydicom and python3-scipy are not installed');

let orthanc: Orthanc;
let site: Site;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-results-'));
  orthanc = await Orthanc.start();
  for (const file of readdirSync(DEMO_STUDY).filter(name => name.endsWith('.dcm'))) {
    await orthanc.add(readFileSync(path.join(DEMO_STUDY, file)));
  }
  site = await startSite('--dicomweb', orthanc.dicomWeb);
});
test.afterAll(async () => {
  await site?.stop();
  await orthanc?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A filled ellipse. @param radius in voxels along the rows */
function ellipse(radius: number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [(i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2];
    return Number(Math.hypot(x, y * 1.4) < radius);
  });
}

/** The only instance of a modality in the archive, as a file. */
async function stored(modality: string): Promise<string> {
  const [instance, ...others] = await orthanc.find('Instance', { Modality: modality });
  expect(others).toEqual([]);
  const file = path.join(folder, `${modality}.dcm`);
  writeFileSync(file, await orthanc.file(instance));
  return file;
}

test('figures after a propagation, as text, as CSV, and as a report in the archive', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const ohif = new Ohif(page);
  const { panel } = ohif;
  const card = panel.getByRole('group', { name: 'Measurements of Segment 1' });
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  const uids = await ohif.upwards();
  await ohif.draw({ [uids[6]]: ellipse(60), [uids[9]]: ellipse(70) });
  await ohif.tab('fewshot');

  await test.step('measures outlines when asked', async () => {
    await panel.getByRole('button', { name: 'Measure', exact: true }).click();
    await expect(card).toContainText('Slices2');
  });

  await ohif.propagate();
  await ohif.acceptAll();
  const voxels = await ohif.voxels();
  await expect(card).toContainText(`Slices${Object.keys(voxels).length}`);
  const reportButton = panel.getByRole('button', { name: 'Store report' });
  await expect(reportButton).toHaveAttribute('aria-disabled', 'true');
  await expect(panel).toContainText('store that first');
  await page.screenshot({ path: 'test-results/results/measured.png' });

  await panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(panel).toContainText('Stored in the archive');
  const [scipy] = measureWithScipy(await stored('SEG'), DEMO_STUDY);
  expect(scipy.slices).toBe(Object.keys(voxels).length);
  const figure = (value: number, decimals = 1) => value.toFixed(decimals);
  const diameters = [scipy.longest, scipy.perpendicular].map(mm => `${figure(mm)} mm`);
  await expect(card).toContainText(`Volume${figure(scipy.volume)} mL`);
  await expect(card).toContainText(diameters[0]);
  await expect(card).toContainText(`Perpendicular${diameters[1]}`);
  await expect(card).toContainText(
    `Mean ± SD${figure(scipy.mean)} ± ${figure(scipy.deviation)}Slices${scipy.slices}`,
  );

  await test.step('goes to the slice with the diameters', async () => {
    await card.getByRole('button', { name: /^slice/ }).click();
    await expect
      .poll(async () => (await ohif.shownUids())[await ohif.position()])
      .toBe(scipy.image);
  });

  await test.step('copies and downloads them', async () => {
    await panel.getByRole('button', { name: 'Copy' }).click();
    await expect(panel).toContainText('Copied as text.');
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain(`Segment 1: ${figure(scipy.volume)} mL, ${figure(scipy.longest)} x `);
    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf8');
    const [, row] = csv.split('\r\n');
    expect(row).toMatch(/^Segment 1,/);
    expect(row.split(',').slice(1, 4).map(Number)).toEqual([
      expect.closeTo(scipy.volume, 3),
      expect.closeTo(scipy.longest, 1),
      expect.closeTo(scipy.perpendicular, 1),
    ]);
  });

  await test.step('stores a report beside the segmentation, once', async () => {
    await reportButton.click();
    await expect(panel).toContainText('Report stored in the archive');
    const report = readReportWithPydicom(await stored('SR'));
    const [group, ...others] = report.groups;
    expect(others).toEqual([]);
    const seg = await orthanc.find('Instance', { Modality: 'SEG' });
    const { SOPInstanceUID } = await orthanc.tags(seg[0]);
    expect(group['Referenced Segment']).toEqual([SOPInstanceUID, 1]);
    expect(group.numbers.map(({ value }) => value)).toEqual([
      expect.closeTo(scipy.volume, 6),
      expect.closeTo(scipy.longest, 6),
      expect.closeTo(scipy.perpendicular, 4),
      expect.closeTo(scipy.mean, 4),
      expect.closeTo(scipy.deviation, 4),
    ]);
    expect(group.numbers[1].line!.image).toBe(scipy.image);
    const thumbnails = page.locator('[data-cy^="study-browser-thumbnail"]');
    await expect(thumbnails.filter({ hasText: 'SR' })).toHaveCount(1);
    await page.screenshot({ path: 'test-results/results/report-stored.png' });
    await panel.getByRole('button', { name: 'Store report again' }).click();
    await expect(panel).toContainText('Report stored in the archive');
    await stored('SR');
  });

  await test.step('a stroke changes them, and the report then waits for the segmentation', async () => {
    const empty = uids.find(uid => !(uid in voxels))!;
    await ohif.draw({ [empty]: ellipse(20) });
    await expect(card).toContainText(`Slices${scipy.slices + 1}`);
    await expect(panel).toContainText('The segmentation has changed: store it again first.');
  });
});
