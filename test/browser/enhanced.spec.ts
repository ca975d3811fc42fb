/**
 * An enhanced multi-frame MR, its frames in reversed order: outlined, propagated, stored, opened again;
 * the stored voxels lie where they were drawn, as pydicom finds them.
 */
import { expect, test } from '@playwright/test';
import dcmjs from 'dcmjs';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { enhancedFile } from '../dicom/enhancedFile';
import { hasPydicom, placesWithPydicom } from '../dicom/tools';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
const SIDE = 256;
const FRAMES = 5;

interface Frame {
  position: number[];
  orientation: number[];
  spacing: number[];
}

let folder: string;
let site: Site;
/** In the order of the file. */
let frames: Frame[];
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-enhanced-'));
  const slices = readdirSync(DEMO_STUDY)
    .filter(name => name.endsWith('.dcm'))
    .sort()
    .slice(6, 6 + FRAMES)
    .reverse()
    .map(name => new Uint8Array(readFileSync(path.join(DEMO_STUDY, name))));
  frames = slices.map(bytes => {
    const { dict } = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
    const numbers = (tag: string) => (dict[tag].Value as unknown[]).map(Number);
    return {
      position: numbers('00200032'),
      orientation: numbers('00200037'),
      spacing: numbers('00280030'),
    };
  });
  writeFileSync(path.join(folder, 'enhanced.dcm'), enhancedFile(slices));
  site = await startSite('--dicom', folder);
});
test.afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true });
});

/** Nothing that looks the same when it is mirrored or turned. */
const mask = (radius: number) =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) - 120, Math.floor(i / SIDE) - 130];
    return Number(Math.hypot(x, y) < radius && !(x > 0 && y > 0));
  });

/** Centres of voxels in the patient (PS3.3, C.7.6.2.1.1), rounded, in order. */
function placesOf(masks: Record<string, Buffer>): string[] {
  return Object.entries(masks)
    .flatMap(([uid, voxels]) => {
      const { position, orientation, spacing } = frames[Number(uid.split('#')[1]) - 1];
      return [...voxels].flatMap((inside, i) => {
        if (!inside) return [];
        const [row, column] = [Math.floor(i / SIDE) * spacing[0], (i % SIDE) * spacing[1]];
        return [position.map((p, a) => p + orientation[a] * column + orientation[a + 3] * row)];
      });
    })
    .map(rounded)
    .sort();
}
const rounded = (place: number[]) => place.map(value => value.toFixed(1)).join(' ');

test('an enhanced multi-frame MR', async ({ page }) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  const uids = await ohif.upwards();
  expect(uids).toHaveLength(FRAMES);
  await ohif.draw({ [uids[0]]: mask(70), [uids[3]]: mask(80) });
  const drawn = await ohif.voxels();
  expect(Object.keys(drawn).sort()).toEqual([uids[0], uids[3]].sort());
  await ohif.tab('fewshot');
  await ohif.propagate();
  await ohif.acceptAll();
  const masks = await ohif.masks();
  const voxels = await ohif.voxels();
  expect(voxels).toMatchObject(drawn);
  expect(Object.keys(voxels)).toEqual(expect.arrayContaining([uids[1], uids[2]]));

  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  const stored = readdirSync(site.archive, { recursive: true })
    .map(name => path.join(site.archive, String(name)))
    .filter(name => name.endsWith('.dcm'));
  expect(stored).toHaveLength(1);
  if (hasPydicom) {
    const [places] = placesWithPydicom(stored);
    expect(places['1'].map(rounded).sort()).toEqual(placesOf(masks));
  }

  await ohif.openStudy(site.url);
  await ohif.openSegmentation();
  await expect.poll(() => ohif.voxels()).toEqual(voxels);
  expect(await ohif.masks()).toEqual(masks);
});
