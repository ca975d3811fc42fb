import dcmjs, { type DcmjsDataset } from 'dcmjs';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
const SLICES = 5;

type Change = (dict: DcmjsDataset) => void;

const color: Change = dict => {
  const pixels = new Uint8Array(256 * 256 * 3).map((_, i) => i % 251);
  Object.assign(dict, {
    '00280002': { vr: 'US', Value: [3] },
    '00280004': { vr: 'CS', Value: ['RGB'] },
    '00280006': { vr: 'US', Value: [0] },
    '00280100': { vr: 'US', Value: [8] },
    '00280101': { vr: 'US', Value: [8] },
    '00280102': { vr: 'US', Value: [7] },
    '00280103': { vr: 'US', Value: [0] },
    '7FE00010': { vr: 'OB', Value: [pixels.buffer] },
  });
};

const withoutGeometry: Change = dict => {
  delete dict['00200032'];
  delete dict['00200037'];
};

/** Frames without functional groups, as of ultrasound: viewers make their places up. */
const withoutPlaces: Change = dict => {
  const [frame] = dict['7FE00010'].Value as ArrayBuffer[];
  const pixels = new Uint8Array(SLICES * frame.byteLength);
  for (let i = 0; i < SLICES; i++) pixels.set(new Uint8Array(frame), i * frame.byteLength);
  delete dict['00200032'];
  Object.assign(dict, {
    '00280008': { vr: 'IS', Value: [String(SLICES)] },
    '7FE00010': { vr: 'OW', Value: [pixels.buffer] },
  });
};

/** Description -> how many slices it has, and what is wrong with them. */
const SERIES: Record<string, { slices: number; change: Change }> = {
  GOOD: { slices: SLICES, change: () => undefined },
  OTHER: { slices: SLICES, change: () => undefined },
  COLOR: { slices: SLICES, change: color },
  SINGLE: { slices: 1, change: () => undefined },
  'MULTI FRAME': { slices: 1, change: withoutPlaces },
  'NO GEOMETRY': { slices: SLICES, change: withoutGeometry },
};

/** Writes one study with a series of each kind, made from slices of the demo study. */
export function writeBadSeries(folder: string): void {
  const files = readdirSync(DEMO_STUDY).filter(file => file.endsWith('.dcm'));
  for (const [number, [description, { slices, change }]] of Object.entries(SERIES).entries()) {
    for (const [i, source] of files.slice(6, 6 + slices).entries()) {
      const bytes = new Uint8Array(readFileSync(path.join(DEMO_STUDY, source)));
      const file = dcmjs.data.DicomMessage.readFile(bytes.buffer);
      const uid = `2.25.7${number}${String(i).padStart(3, '0')}`;
      file.dict['00080018'] = { vr: 'UI', Value: [uid] };
      file.meta['00020003'] = { vr: 'UI', Value: [uid] };
      file.dict['0020000E'] = { vr: 'UI', Value: [`2.25.8${number}`] };
      file.dict['00200011'] = { vr: 'IS', Value: [String(number + 1)] };
      file.dict['0008103E'] = { vr: 'LO', Value: [description] };
      change(file.dict);
      const name = `${description.replace(' ', '-')}-${i}.dcm`;
      writeFileSync(path.join(folder, name), new Uint8Array(file.write()));
    }
  }
}
