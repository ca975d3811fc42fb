/**
 * Slices of a tilted gantry, two of them missing, in MONOCHROME1: the panel says so, they are segmented
 * in their own plane, and the stored voxels lie where they were drawn, as pydicom finds them.
 */
import { expect, test } from './fixtures';
import dcmjs from 'dcmjs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasPydicom } from '../dicom/tools';
import { expectSameAgain, outline, serveChanged, SIDE, store, storedPlaces } from './changedStudy';
import { Ohif } from './ohif';
import type { Site } from './site';

const SPACING = 0.8;
const COS = Math.cos((15 * Math.PI) / 180);
const SIN = Math.sin((15 * Math.PI) / 180);
/** mm along the table; 4 mm between neighbors, 12 mm where two are missing. */
const TABLE = [0, 4, 8, 20, 24, 28].map(normal => normal / COS);

let site: Site;
/** SOP Instance UID -> position along the table. */
const heights = new Map<string, number>();
test.beforeAll(async () => {
  site = await serveChanged(TABLE.length, (slices, folder) => {
    for (const [i, { name, bytes }] of slices.entries()) {
      const file = dcmjs.data.DicomMessage.readFile(bytes.slice().buffer);
      const decimals = (...values: number[]) => ({
        vr: 'DS',
        Value: values.map(value => value.toFixed(6)),
      });
      Object.assign(file.dict, {
        '00200032': decimals(-100, -90, TABLE[i]),
        '00200037': decimals(1, 0, 0, 0, COS, SIN),
        '00280030': decimals(SPACING, SPACING),
        '00280004': { vr: 'CS', Value: ['MONOCHROME1'] },
      });
      heights.set(String((file.dict['00080018'].Value as unknown[])[0]), TABLE[i]);
      writeFileSync(path.join(folder, name), new Uint8Array(file.write()));
    }
  });
});
test.afterAll(() => site?.stop());

/** Centers of voxels in the patient (PS3.3, C.7.6.2.1.1), rounded, in order. */
function placesOf(masks: Record<string, Buffer>): string[] {
  return Object.entries(masks)
    .flatMap(([uid, voxels]) =>
      [...voxels].flatMap((inside, i) => {
        if (!inside) return [];
        const [row, column] = [Math.floor(i / SIDE) * SPACING, (i % SIDE) * SPACING];
        return [[-100 + column, -90 + COS * row, heights.get(uid)! + SIN * row]];
      }),
    )
    .map(rounded)
    .sort();
}
const rounded = (place: number[]) =>
  place.map(value => (Math.round(value * 50) / 50).toFixed(2)).join(' ');

test('tilted, with slices missing, in MONOCHROME1', async ({ page }) => {
  const ohif = new Ohif(page);
  const { panel } = ohif;
  await ohif.openStudy(site.url);
  await ohif.addSegmentation();
  await ohif.tab('fewshot');
  await expect(panel).toContainText('The slices are tilted by 15.0° (gantry tilt).');
  await expect(panel).toContainText(/About 2 slices look missing between slices 3 and 4/);
  const uids = await ohif.upwards();
  await ohif.draw({ [uids[0]]: outline(70), [uids[4]]: outline(80) });
  const drawn = await ohif.voxels();
  await expect(panel.getByRole('button', { name: /^Go to slice/ })).toHaveCount(2);
  await page.screenshot({ path: 'test-results/tilted/1-outlined.png' });

  await ohif.propagate();
  await page.screenshot({ path: 'test-results/tilted/2-review.png' });
  await ohif.acceptAll();
  const masks = await ohif.masks();
  const voxels = await ohif.voxels();
  expect(voxels).toMatchObject(drawn);
  expect(Object.keys(voxels)).toEqual(expect.arrayContaining([uids[1], uids[2], uids[3]]));

  const stored = await store(ohif, site);
  if (hasPydicom) expect(storedPlaces(stored, rounded)).toEqual(placesOf(masks));

  await expectSameAgain(ohif, site, { voxels, masks });
  await page.screenshot({ path: 'test-results/tilted/3-opened.png' });
});
