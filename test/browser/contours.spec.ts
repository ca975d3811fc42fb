/** Outlines drawn as contours with OHIF's own tools, by mouse, and RTSTRUCTs of the study. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { hasOrthanc, LACKING, Orthanc } from '../pacs/orthanc';
import { clickAround, contoursIn, trace } from './contourTools';
import { expect, test } from './fixtures';
import { Ohif, type Ellipse } from './ohif';
import { startSite, type Site } from './site';

/** The brain on three slices, by position in the stack, in fractions of the viewport. */
const BRAIN: Record<number, Ellipse> = {
  3: { x: 0.505, y: 0.49, radiusX: 0.2, radiusY: 0.26 },
  6: { x: 0.51, y: 0.475, radiusX: 0.25, radiusY: 0.31 },
  8: { x: 0.503, y: 0.48, radiusX: 0.27, radiusY: 0.32 },
};
/** Rows and columns of the demo study. */
const SIDE = 256;
/** Hippocampus in SNOMED CT. */
const CODE = '5366008';
const DEMO_STUDY = path.resolve('.cache', 'demo-study');

test.describe('in the demo study', () => {
  let site: Site;
  test.beforeAll(async () => {
    site = await startSite();
  });
  test.afterAll(() => site.stop());

  test('contours drawn freehand are outlines; the result goes to a labelmap of the same name', async ({
    page,
  }) => {
    const look = (name: string) => page.screenshot({ path: `test-results/contours/${name}.png` });
    const ohif = new Ohif(page);
    const { panel } = ohif;
    await ohif.openStudy(site.url);
    await ohif.addContourSegmentation();
    const drawnIn = await ohif.activeSegmentationId();
    await ohif.tab('fewshot');
    await panel.getByRole('button', { name: 'Freehand' }).click();
    for (const [position, ellipse] of Object.entries(BRAIN)) {
      await ohif.scrollTo(Number(position));
      await trace(page, ohif, ellipse);
    }
    const outlined = panel.getByRole('button', { name: /^Go to slice/ });
    await expect(outlined).toHaveCount(3);
    await look('drawn');
    const contours = await contoursIn(page);
    expect(contours).toHaveLength(3);

    await ohif.propagate();
    await look('review');
    expect(await ohif.activeSegmentationId()).not.toBe(drawnIn);
    // The filled contours, and nothing else yet.
    const filled = await ohif.voxels();
    const areas = contours.map(({ voxels }) => voxels).sort((a, b) => a - b);
    const counts = Object.values(filled).sort((a, b) => a - b);
    expect(counts).toHaveLength(3);
    counts.forEach((count, i) => expect(count / areas[i]).toBeCloseTo(1, 1));

    await ohif.acceptAll();
    const result = await ohif.voxels();
    expect(Object.keys(result).length).toBeGreaterThan(8);
    expect(result).toMatchObject(filled);
    await look('result');
    await test.step('the contours are as they were', async () => {
      await panel.getByLabel('Segmentation', { exact: true }).selectOption(drawnIn!);
      await expect(outlined).toHaveCount(3);
      expect(await contoursIn(page)).toEqual(contours);
      await look('contours-again');
    });
  });

  test('a discarded result leaves the contours, and no labelmap', async ({ page }) => {
    const ohif = new Ohif(page);
    const { panel } = ohif;
    await ohif.openStudy(site.url);
    await ohif.addContourSegmentation();
    const drawnIn = await ohif.activeSegmentationId();
    await ohif.tab('fewshot');
    await expect(panel.getByRole('button', { name: 'Brush' })).toBeHidden();
    await panel.getByRole('button', { name: 'Spline' }).click();
    await ohif.scrollTo(6);
    await clickAround(page, ohif, BRAIN[6]);
    const outlined = panel.getByRole('button', { name: /^Go to slice/ });
    await expect(outlined).toHaveCount(1);
    await panel.getByRole('button', { name: 'Livewire' }).click();
    await ohif.scrollTo(8);
    await clickAround(page, ohif, BRAIN[8]);
    await expect(outlined).toHaveCount(2);
    await page.screenshot({ path: 'test-results/contours/spline-livewire.png' });
    const contours = await contoursIn(page);
    await ohif.chooseRange(7, 9);
    await ohif.propagate();
    await panel.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(() => ohif.activeSegmentationId()).toBe(drawnIn);
    await expect(outlined).toHaveCount(2);
    expect(await contoursIn(page)).toEqual(contours);
    await expect(panel.getByLabel('Segmentation', { exact: true })).toBeHidden();
  });
});

test.describe('with Orthanc', () => {
  test.skip(!hasOrthanc, `${LACKING} is not installed`);
  let orthanc: Orthanc;
  let site: Site;
  test.beforeAll(async () => {
    orthanc = await Orthanc.start();
    for (const file of readdirSync(DEMO_STUDY).filter(name => name.endsWith('.dcm'))) {
      await orthanc.add(readFileSync(path.join(DEMO_STUDY, file)));
    }
    site = await startSite('--dicomweb', orthanc.dicomWeb);
  });
  test.afterAll(async () => {
    await site?.stop();
    await orthanc?.remove();
  });

  test('an RTSTRUCT is stored, and its contours are outlines when it is opened again', async ({
    page,
  }) => {
    const look = (name: string) => page.screenshot({ path: `test-results/contours/${name}.png` });
    const ohif = new Ohif(page);
    const { panel } = ohif;
    const [image] = await orthanc.find('Instance', { Modality: 'MR' });
    const source = await orthanc.tags(image);
    const openStudy = () => ohif.openStudy(site.url, source.StudyInstanceUID);
    await openStudy();
    await ohif.addSegmentation();
    await ohif.tab('fewshot');
    // Before anything is drawn: the viewer takes names back that change while it computes statistics.
    await panel.getByRole('combobox', { name: 'Term for Segment 1' }).fill('left hippocampus');
    await page.keyboard.press('Enter');
    await expect(panel).toContainText(`SNOMED CT ${CODE}`);
    const uids = await ohif.upwards();
    /** A ring: contours with a hole. */
    const ring = (radius: number) =>
      Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
        const distance = Math.hypot((i % SIDE) - SIDE / 2, Math.floor(i / SIDE) - SIDE / 2);
        return Number(distance < radius && distance > radius / 3);
      });
    await ohif.draw({ [uids[6]]: ring(60), [uids[8]]: ring(66), [uids[10]]: ring(64) });
    const shown = await ohif.shownUids();
    const slices = [6, 8, 10].map(i => shown.indexOf(uids[i]) + 1).sort((a, b) => a - b);
    await ohif.chooseRange(slices[0], slices[2]);
    await ohif.propagate();
    await ohif.acceptAll();
    const stored = await ohif.voxels();
    expect(Object.keys(stored)).toHaveLength(5);
    await panel.getByText('Format', { exact: true }).click();
    await panel.getByLabel('Store as').selectOption('RTSTRUCT');
    await look('format');
    await panel.getByRole('button', { name: 'Store to archive' }).click();
    await expect(panel).toContainText('Stored in the archive');
    await look('stored');
    const [instance, ...others] = await orthanc.find('Instance', { Modality: 'RTSTRUCT' });
    expect(others).toEqual([]);

    const download = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Download RTSTRUCT' }).click();
    expect((await download).suggestedFilename()).toMatch(/^fewshot-sam-rtstruct-[\d-]+\.dcm$/);
    const file = readFileSync(await (await download).path());
    expect(file.equals(await orthanc.file(instance))).toBe(true);

    await openStudy();
    await ohif.openSegmentation(undefined, 'RTSTRUCT');
    await ohif.tab('fewshot');
    await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(5);
    await expect(panel).toContainText(`SNOMED CT ${CODE}`);
    await look('opened');
    await ohif.chooseRange(slices[0] - 1, slices[2] + 1);
    await ohif.propagate();
    // The very voxels that were stored.
    expect(await ohif.voxels()).toEqual(stored);
    await look('opened-review');
    await ohif.acceptAll();
    expect(Object.keys(await ohif.voxels()).length).toBeGreaterThan(5);

    await panel.getByRole('button', { name: 'Store to archive' }).click();
    await expect(panel).toContainText('Stored in the archive');
    const all = await orthanc.find('Instance', { Modality: 'RTSTRUCT' });
    expect(all).toHaveLength(2);
    const [before, after] = await Promise.all(
      [instance, all.find(one => one !== instance)!].map(one => orthanc.tags(one)),
    );
    expect(after.PredecessorStructureSetSequence).toMatchObject([
      { ReferencedSOPInstanceUID: before.SOPInstanceUID },
    ]);
    for (const { RTROIObservationsSequence } of [before, after]) {
      const [{ RTROIIdentificationCodeSequence: codes }] = RTROIObservationsSequence;
      expect(codes.map(({ CodeValue }) => CodeValue)).toEqual([CODE]);
    }
  });
});
