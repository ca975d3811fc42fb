/**
 * An enhanced multi-frame MR, its frames in reversed order: outlined, propagated, stored, opened again;
 * the stored voxels lie where they were drawn, as pydicom finds them.
 */
import { expect, test } from './fixtures';
import dcmjs from 'dcmjs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { enhancedFile } from '../dicom/enhancedFile';
import { hasPydicom } from '../dicom/tools';
import { expectSameAgain, outline, serveChanged, SIDE, store, storedPlaces } from './changedStudy';
import { Ohif } from './ohif';
import type { Site } from './site';

const FRAMES = 5;

interface Frame {
  position: number[];
  orientation: number[];
  spacing: number[];
}

let site: Site;
/** In the order of the file. */
let frames: Frame[];
test.beforeAll(async () => {
  site = await serveChanged(FRAMES, (slices, folder) => {
    const reversed = slices.map(({ bytes }) => bytes).reverse();
    frames = reversed.map(bytes => {
      const { dict } = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
      const numbers = (tag: string) => (dict[tag].Value as unknown[]).map(Number);
      return {
        position: numbers('00200032'),
        orientation: numbers('00200037'),
        spacing: numbers('00280030'),
      };
    });
    writeFileSync(path.join(folder, 'enhanced.dcm'), enhancedFile(reversed));
  });
});
test.afterAll(() => site?.stop());

/** Centers of voxels in the patient (PS3.3, C.7.6.2.1.1), rounded, in order. */
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
  await ohif.draw({ [uids[0]]: outline(70), [uids[3]]: outline(80) });
  const drawn = await ohif.voxels();
  expect(Object.keys(drawn).sort()).toEqual([uids[0], uids[3]].sort());
  await ohif.tab('fewshot');
  await ohif.propagate();
  await ohif.acceptAll();
  const masks = await ohif.masks();
  const voxels = await ohif.voxels();
  expect(voxels).toMatchObject(drawn);
  expect(Object.keys(voxels)).toEqual(expect.arrayContaining([uids[1], uids[2]]));

  const stored = await store(ohif, site);
  if (hasPydicom) expect(storedPlaces(stored, rounded)).toEqual(placesOf(masks));

  await expectSameAgain(ohif, site, { voxels, masks });
});
