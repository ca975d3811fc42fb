import dcmjs, { type DcmjsDataset } from 'dcmjs';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
const SIDE = 256;

/** What must never get out of a study into a task. */
export interface Patient {
  study: string;
  series: string;
  name: string;
  id: string;
  date: string;
  /** mm by which the head lies further to the left, in whole pixels of the demo study. */
  pixels: number;
  /** Slices of the demo study. */
  slices: [number, number];
}

/** The demo study, and the same head as that of other patients who lie a little aside. */
export const FIRST: Patient = {
  study: '2.25.91001',
  series: '2.25.91002',
  name: 'Alpha^Anna',
  id: 'PID-9100',
  date: '20191203',
  pixels: 0,
  slices: [3, 10],
};
export const SECOND: Patient = {
  study: '2.25.92001',
  series: '2.25.92002',
  name: 'Beta^Bert',
  id: 'PID-9200',
  date: '20200714',
  pixels: 9,
  slices: [5, 8],
};

export const THIRD: Patient = {
  study: '2.25.93001',
  series: '2.25.93002',
  name: 'Gamma^Gerd',
  id: 'PID-9300',
  date: '20210301',
  pixels: 4,
  slices: [4, 7],
};
export const FOURTH: Patient = {
  study: '2.25.94001',
  series: '2.25.94002',
  name: 'Delta^Dora',
  id: 'PID-9400',
  date: '20220512',
  pixels: 6,
  slices: [6, 9],
};

/** Writes a study of each patient into a folder. */
export function writePatients(folder: string): void {
  const files = readdirSync(DEMO_STUDY)
    .filter(file => file.endsWith('.dcm'))
    .sort();
  for (const patient of [FIRST, SECOND, THIRD, FOURTH]) {
    for (const [i, source] of files.slice(...patient.slices).entries()) {
      const bytes = new Uint8Array(readFileSync(path.join(DEMO_STUDY, source)));
      const file = dcmjs.data.DicomMessage.readFile(bytes.buffer);
      const uid = `${patient.series}.${i + 1}`;
      identify(file.dict, patient, uid);
      file.meta['00020003'] = { vr: 'UI', Value: [uid] };
      if (patient.pixels) moveAside(file.dict, patient.pixels);
      writeFileSync(path.join(folder, `${patient.id}-${i}.dcm`), new Uint8Array(file.write()));
    }
  }
}

function identify(dict: DcmjsDataset, patient: Patient, uid: string): void {
  const set = (tag: string, vr: string, value: unknown) => {
    dict[tag] = { vr, Value: [value] };
  };
  set('00080018', 'UI', uid);
  set('0020000D', 'UI', patient.study);
  set('0020000E', 'UI', patient.series);
  set('00200052', 'UI', `${patient.series}.9`);
  set('00100010', 'PN', { Alphabetic: patient.name });
  set('00100020', 'LO', patient.id);
  set('00080020', 'DA', patient.date);
  set('00080021', 'DA', patient.date);
}

/** Every pixel of 16 bits moves to the right; what was at the edge is repeated. */
function moveAside(dict: DcmjsDataset, pixels: number): void {
  const [stored] = dict['7FE00010'].Value as ArrayBuffer[];
  const before = new Uint16Array(stored.slice(0, SIDE * SIDE * 2));
  const after = before.map((_, i) => {
    const column = i % SIDE;
    return before[i - column + Math.max(0, column - pixels)];
  });
  dict['7FE00010'] = { vr: 'OW', Value: [after.buffer] };
}
