/**
 * With a real archive, and a proxy before all of it that asks for a password: a study from Orthanc is
 * segmented in the viewer and stored to it, across a break-down of the archive; the page is loaded
 * again, shows what was stored, and stores it once more.
 */
// A browser of its own: the shared one has no credentials.
import { expect, test } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hasPydicom, readWithPydicom } from '../dicom/tools';
import { hasOrthanc, LACKING, Orthanc } from '../pacs/orthanc';
import { Ohif } from './ohif';
import { PasswordProxy, USER } from './passwordProxy';
import { startSite, type Site } from './site';

/** Rows and columns of the demo study. */
const SIZE = 256;
const DEMO_STUDY = path.resolve('.cache', 'demo-study');

test.use({ httpCredentials: USER });
test.skip(!hasOrthanc, `${LACKING} is not installed`);

let orthanc: Orthanc;
let site: Site;
let proxy: PasswordProxy;
test.beforeAll(async () => {
  orthanc = await Orthanc.start();
  for (const file of readdirSync(DEMO_STUDY).filter(name => name.endsWith('.dcm'))) {
    await orthanc.add(readFileSync(path.join(DEMO_STUDY, file)));
  }
  site = await startSite('--dicomweb', orthanc.dicomWeb);
  proxy = await PasswordProxy.start(site.url);
});
test.afterAll(async () => {
  proxy?.stop();
  await site?.stop();
  await orthanc?.remove();
});

/** A filled circle about the middle of a slice. @param radius in voxels */
function disc(radius: number): Uint8Array {
  return Uint8Array.from({ length: SIZE * SIZE }, (_, i) =>
    Number(Math.hypot((i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2) < radius),
  );
}

/** What pydicom reads of a stored segmentation, and what it is called. */
async function readStored(instance: string) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'fewshot-stored-')), 'seg.dcm');
  try {
    writeFileSync(file, await orthanc.file(instance));
    const { SOPInstanceUID: uid } = await orthanc.tags(instance);
    return { uid, ...readWithPydicom(file, DEMO_STUDY) };
  } finally {
    rmSync(path.dirname(file), { recursive: true });
  }
}

/** Category, type and side of the first segment, as Orthanc reads them. */
async function storedCodes(instance: string): Promise<string[]> {
  const [segment] = (await orthanc.tags(instance)).SegmentSequence;
  const [category] = segment.SegmentedPropertyCategoryCodeSequence;
  const [type] = segment.SegmentedPropertyTypeCodeSequence;
  const [side] = type.SegmentedPropertyTypeModifierCodeSequence;
  return [category, type, side].map(code => code.CodeValue);
}

test('a study from Orthanc, and its segmentation back to Orthanc', async ({ page }) => {
  const ohif = new Ohif(page);
  const [image] = await orthanc.find('Instance', { Modality: 'MR' });
  const source = await orthanc.tags(image);
  const openStudy = () => ohif.openStudy(proxy.origin, source.StudyInstanceUID);
  await openStudy();
  expect(proxy.refused).toBeGreaterThan(0);
  await ohif.addSegmentation();
  const uids = await ohif.upwards();
  await ohif.draw({ [uids[6]]: disc(60), [uids[8]]: disc(66) });
  const drawn = await ohif.voxels();
  await ohif.tab('fewshot');
  await test.step('propagate to the slice in between', async () => {
    await ohif.panel.getByText('Settings').click();
    const buttons = ohif.panel.getByRole('button', { name: /^Go to slice/ });
    await expect(buttons).toHaveCount(2);
    const outlined = (await buttons.allInnerTexts()).map(Number);
    for (const [end, slice] of [
      ['First slice', Math.min(...outlined)],
      ['Last slice', Math.max(...outlined)],
    ] as const) {
      const field = ohif.panel.getByRole('spinbutton', { name: end });
      await field.fill(String(slice));
      await field.press('Enter');
    }
    await ohif.propagate();
    await ohif.acceptAll();
  });
  const propagated = await ohif.voxels();
  expect(Object.keys(propagated).length).toBe(Object.keys(drawn).length + 1);
  const masks = await ohif.masks();

  const panel = ohif.panel;
  await panel.getByRole('combobox', { name: 'Term for Segment 1' }).fill('left hippocampus');
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('SNOMED CT 5366008');

  await orthanc.kill();
  await panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(panel).toContainText('attempt 2 of 4');
  await page.screenshot({ path: 'test-results/pacs/archive-gone.png' });
  await orthanc.restart();
  await expect(panel).toContainText('Stored in the archive');
  const [instance, ...others] = await orthanc.find('Instance', { Modality: 'SEG' });
  expect(others).toEqual([]);
  expect(await storedCodes(instance)).toEqual(['91723000', '5366008', '7771000']);
  const thumbnails = page.locator('[data-cy^="study-browser-thumbnail"]');
  await expect(thumbnails.filter({ hasText: 'SEG' })).toHaveCount(1);
  await page.screenshot({ path: 'test-results/pacs/stored.png' });

  await panel.getByRole('button', { name: 'Store again' }).click();
  await expect(panel).toContainText('Stored in the archive');
  expect(await orthanc.find('Instance', { Modality: 'SEG' })).toHaveLength(1);

  await openStudy();
  await ohif.openSegmentation();
  await expect.poll(() => ohif.voxels()).toEqual(propagated);
  expect(await ohif.masks()).toEqual(masks);

  await test.step('what was opened and corrected says where it comes from', async () => {
    await ohif.tab('fewshot');
    await expect(panel).toContainText('SNOMED CT 5366008');
    await expect(panel.getByRole('button', { name: 'Store to archive' })).toBeHidden();
    await ohif.draw({ [uids[9]]: disc(50) });
    await panel.getByRole('button', { name: 'Store to archive' }).click();
    await expect(panel).toContainText('Stored in the archive');
    const stored = await orthanc.find('Instance', { Modality: 'SEG' });
    const again = stored.find(identifier => identifier !== instance)!;
    expect(stored).toHaveLength(2);
    expect(await storedCodes(again)).toEqual(['91723000', '5366008', '7771000']);
    if (hasPydicom) {
      const [first, second] = await Promise.all([instance, again].map(readStored));
      expect(second.predecessors).toEqual([first.uid]);
      const [{ slices, ...segment }, ...others] = second.segments;
      const { slices: before, ...same } = first.segments[0];
      expect(others).toEqual([]);
      expect(segment).toEqual(same);
      expect(segment).toMatchObject({
        algorithmType: 'SEMIAUTOMATIC',
        algorithmName: 'Few-shot SAM',
        type: '5366008',
      });
      expect(slices).toMatchObject(before);
      expect(Object.keys(slices)).toHaveLength(Object.keys(before).length + 1);
    }
    const corrected = await ohif.masks();

    await openStudy();
    await ohif.openSegmentation((await orthanc.tags(again)).SeriesNumber);
    await expect.poll(() => ohif.masks()).toEqual(corrected);
  });

  for (const series of await orthanc.find('Series', { Modality: 'SEG' })) {
    await orthanc.rest('DELETE', `/series/${series}`);
  }
  expect(await orthanc.find('Instance', { Modality: 'SEG' })).toEqual([]);
});
