/** Slices of the demo study, changed and served: outlined, propagated, stored, and opened again. */
import { expect } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { placesWithPydicom } from '../dicom/tools';
import type { Ohif } from './ohif';
import { startSite, type Site } from './site';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
/** The first slice that shows enough of the head. */
const FIRST = 6;
/** Rows and columns of a slice. */
export const SIDE = 256;

export interface DemoSlice {
  name: string;
  bytes: Uint8Array;
}

/**
 * Serves some neighboring slices of the demo study.
 *
 * @param write puts the changed slices into the folder
 */
export async function serveChanged(
  count: number,
  write: (slices: DemoSlice[], folder: string) => void,
): Promise<Site> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-changed-'));
  const remove = () => rmSync(folder, { recursive: true });
  const slices = readdirSync(DEMO_STUDY)
    .filter(name => name.endsWith('.dcm'))
    .sort()
    .slice(FIRST, FIRST + count)
    .map(name => ({ name, bytes: new Uint8Array(readFileSync(path.join(DEMO_STUDY, name))) }));
  try {
    write(slices, folder);
    const site = await startSite('--dicom', folder);
    return { ...site, stop: () => site.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Three quarters of a disk, radius in pixels: nothing that looks the same mirrored or turned. */
export const outline = (radius: number) =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [(i % SIDE) - 120, Math.floor(i / SIDE) - 130];
    return Number(Math.hypot(x, y) < radius && !(x > 0 && y > 0));
  });

/**
 * Stores what the panel offers.
 *
 * @returns the one file that the archive has then
 */
export async function store(ohif: Ohif, site: Site): Promise<string> {
  await ohif.panel.getByRole('button', { name: 'Store to archive' }).click();
  await expect(ohif.panel).toContainText('Stored in the archive');
  const stored = readdirSync(site.archive, { recursive: true })
    .map(name => path.join(site.archive, String(name)))
    .filter(name => name.endsWith('.dcm'));
  expect(stored).toHaveLength(1);
  return stored[0];
}

/** Centers of the voxels of the only segment, as pydicom finds them, in order. */
export function storedPlaces(file: string, rounded: (place: number[]) => string): string[] {
  const [places] = placesWithPydicom([file]);
  return places['1'].map(rounded).sort();
}

/** Opens the stored segmentation in a new viewer: every voxel is where it was. */
export async function expectSameAgain(
  ohif: Ohif,
  site: Site,
  { voxels, masks }: { voxels: unknown; masks: unknown },
): Promise<void> {
  await ohif.openStudy(site.url);
  await ohif.openSegmentation();
  await expect.poll(() => ohif.voxels()).toEqual(voxels);
  expect(await ohif.masks()).toEqual(masks);
}
