import dcmjs from 'dcmjs';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
const SLICES = 6;

/** What names the patient or the study, none of it a word that stands anywhere else. */
const IDENTITY: Record<string, { vr: string; value: string }> = {
  '00080020': { vr: 'DA', value: '19870614' },
  '00080050': { vr: 'SH', value: 'ACC5739281' },
  '00100010': { vr: 'PN', value: 'Quillfeather^Zebedee' },
  '00100020': { vr: 'LO', value: 'PID-8846152' },
  '00100030': { vr: 'DA', value: '19310927' },
};

/**
 * Writes a study of 6 slices whose patient has a name, an ID and a birth date.
 *
 * @returns every text that must not be found anywhere else: those above, and all UIDs
 */
export function writeIdentifiedStudy(folder: string): string[] {
  const uids = new Set<string>();
  const files = readdirSync(DEMO_STUDY).filter(file => file.endsWith('.dcm'));
  for (const [i, source] of files.slice(6, 6 + SLICES).entries()) {
    const bytes = new Uint8Array(readFileSync(path.join(DEMO_STUDY, source)));
    const file = dcmjs.data.DicomMessage.readFile(bytes.buffer);
    for (const [tag, { vr, value }] of Object.entries(IDENTITY)) {
      file.dict[tag] = { vr, Value: [vr === 'PN' ? { Alphabetic: value } : value] };
    }
    for (const tag of ['00080018', '0020000D', '0020000E', '00200052']) {
      uids.add(String((file.dict[tag].Value as string[])[0]));
    }
    writeFileSync(path.join(folder, `${i}.dcm`), new Uint8Array(file.write()));
  }
  const texts = Object.values(IDENTITY).flatMap(({ value }) => value.split('^'));
  return [...texts, ...uids];
}
