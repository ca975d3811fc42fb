/**
 * Series whose values or places are odd: the viewer, the command line and pydicom read the same value
 * for every voxel, or viewer and command line refuse them and say why.
 */
import { expect, test } from './fixtures';
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { loadSlice } from '../../extensions/fewshot-sam/src/viewer/loadSlice';
import type { notesOn, seriesOf } from '../../extensions/fewshot-sam/src/viewer/series';
import type { Viewer } from '../../extensions/fewshot-sam/src/viewer/viewer';
import type {
  Cornerstone,
  DisplaySet,
  ExtensionContext,
  Services,
} from '../../extensions/fewshot-sam/src/host/ohif';
import { readVolume } from '../../cli/src/volume/readVolumeNode';
import { hasPydicom } from '../dicom/tools';
import { COLUMNS, ROWS, writeOddSeries, type OddSeries } from './oddSeries';
import { Ohif } from './ohif';
import { startSite, type Site } from './site';

/** "SOP Instance UID#frame" -> values, or why the series is refused. */
interface SeenSeries {
  slices: [string, string][];
  refused?: string;
  notes?: string[];
}

let folder: string;
let site: Site;
let all: OddSeries[];
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-odd-'));
  all = writeOddSeries(path.join(folder, 'series'), path.join(folder, 'together'));
  site = await startSite('--dicom', path.join(folder, 'together'));
});
test.afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true });
});

const floats = (base64: string) => {
  const bytes = Buffer.from(base64, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

/** The reading half of the extension as one script: it uses the viewer's own cornerstone. */
async function reader(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { loadSlice } from './loadSlice';
        export { notesOn, seriesOf } from './series';
        export { Viewer } from './viewer';`,
      resolveDir: path.resolve('extensions/fewshot-sam/src/viewer'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'fewshotReader',
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}

interface ReaderWindow {
  fewshotReader: {
    loadSlice: typeof loadSlice;
    notesOn: typeof notesOn;
    seriesOf: typeof seriesOf;
    Viewer: typeof Viewer;
  };
  cornerstone: Cornerstone['core'];
  cornerstoneTools: Cornerstone['tools'];
  services: Services;
  extensionManager: {
    getActiveDataSource(): { getImageIdsForDisplaySet(set: DisplaySet): string[] }[];
  };
}

/** Series Description -> what the extension reads of the series. */
function readAll(): Promise<Record<string, SeenSeries>> {
  const viewer = window as unknown as ReaderWindow;
  const { fewshotReader, cornerstone, services, extensionManager } = viewer;
  const [source] = extensionManager.getActiveDataSource();
  const base64 = (values: ArrayLike<number>) => {
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const read = async (set: DisplaySet): Promise<SeenSeries> => {
    const slices: [string, string][] = [];
    try {
      const imageIds = source.getImageIdsForDisplaySet(set);
      const series = fewshotReader.seriesOf({ ...set, imageIds }, cornerstone);
      for (let index = 0; index < imageIds.length; index++) {
        const { pixels, identity } = await fewshotReader.loadSlice(cornerstone, series, index);
        slices.push([String(identity), base64(pixels)]);
      }
      return { slices, notes: fewshotReader.notesOn(series) };
    } catch (error) {
      const { message, remedy } = error as { message: string; remedy?: string };
      return { slices, refused: `${message} ${remedy ?? ''}` };
    }
  };
  return (async () => {
    const found: Record<string, SeenSeries> = {};
    for (const set of services.displaySetService.getActiveDisplaySets()) {
      found[set.SeriesDescription!] = await read(set);
    }
    return found;
  })();
}

/** What the extension takes over when the user wants the intensities as displayed. */
function displayed() {
  const { fewshotReader, cornerstone, cornerstoneTools, services } =
    window as unknown as ReaderWindow;
  const context = { servicesManager: { services } } as ExtensionContext;
  const libraries = { core: cornerstone, tools: cornerstoneTools };
  // No segment is looked at.
  const records = { segment: () => ({ isOutlinedAcross: false }) };
  const viewer = new fewshotReader.Viewer(context, libraries, records);
  return { shown: viewer.displayedWindow(), range: viewer.displayedRange() };
}

test('every voxel has one value, in the viewer, at the command line and for pydicom; the rest is refused', async ({
  page,
}) => {
  const ohif = new Ohif(page);
  await ohif.openStudy(site.url);
  await page.evaluate(`${await reader()}; window.fewshotReader = fewshotReader`);
  const seen = await page.evaluate(readAll);
  expect(Object.keys(seen).sort()).toEqual(all.map(({ name }) => name).sort());

  const readable = all.filter(({ refused }) => !refused);
  const folders = readable.map(({ name }) => path.join(folder, 'series', name));
  const byPydicom = hasPydicom
    ? execFileSync('/usr/bin/python3', [path.resolve('test/browser/readValues.py'), ...folders], {
        encoding: 'utf8',
        maxBuffer: 64 * 2 ** 20,
      })
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as Record<string, string>)
    : null;

  for (const [i, { name, note }] of readable.entries()) {
    const { slices, refused, notes } = seen[name];
    expect.soft(refused, `${name} in the viewer`).toBeUndefined();
    expect.soft(notes, name).toEqual(note ? [expect.stringContaining(note)] : []);
    if (byPydicom) {
      const bytes = (values: Iterable<[string, string]>) => Object.fromEntries(values);
      expect.soft(bytes(slices), `${name}: viewer and pydicom`).toEqual(byPydicom[i]);
    }
    const notesHere: string[] = [];
    const volume = await readVolume(folders[i], '--image', text => notesHere.push(text)).catch(
      (error: Error) => error,
    );
    // The command counts slices from 0.
    const words = (text: string) => text.replace(/slices \d+ and \d+/, 'two slices');
    expect
      .soft(notesHere.map(words), `${name}: notes`)
      .toEqual(notes?.map(text => `--image: ${words(text)}`));
    if (volume instanceof Error) {
      expect.soft(volume.message, `${name} at the command line`).toBe('');
      continue;
    }
    const { data } = volume;
    // The viewer may count from the other end.
    const ascending = [...slices].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    const values = ascending.flatMap(([, base64]) => Array.from(floats(base64)));
    expect.soft(values.length, name).toBe(data.length);
    expect.soft(values.length, name).toBe(ROWS * COLUMNS * slices.length);
    const different = values.findIndex((value, voxel) => value !== data[voxel]);
    expect.soft(different, `${name}: first voxel that differs at the command line`).toBe(-1);
  }
  for (const { name, refused } of all.filter(series => series.refused)) {
    expect.soft(seen[name].refused, `${name} in the viewer`).toContain(refused);
    await expect
      .soft(readVolume(path.join(folder, 'series', name), '--image'), `${name} at the command line`)
      .rejects.toMatchObject({ code: expect.stringMatching(/^bad-/), remedy: expect.any(String) });
  }

  await ohif.showSeries('MONOCHROME1');
  await expect.poll(async () => (await page.evaluate(displayed)).shown?.inverted).toBe(true);
  await ohif.showSeries('PET in SUV');
  // 3e8 Bq an hour before, and 70 kg: what cornerstone calls `suvbw`.
  const suvPerBecquerel = 70_000 / (3e8 * 0.5 ** (3600 / 6586.2));
  const ratio = async () => {
    const { shown, range } = await page.evaluate(displayed);
    return shown && range ? shown.high / range.high : 1;
  };
  await expect.poll(ratio).toBeCloseTo(suvPerBecquerel, 7);
});
