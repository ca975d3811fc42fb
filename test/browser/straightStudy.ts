import dcmjs from 'dcmjs';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
const SPACING = 7;

/** Writes the demo study as if its slices had been acquired straight, so that MPR cuts along its axes. */
export function writeStraightStudy(folder: string): void {
  const files = readdirSync(DEMO_STUDY)
    .filter(name => name.endsWith('.dcm'))
    .map(name => {
      const bytes = new Uint8Array(readFileSync(path.join(DEMO_STUDY, name)));
      const file = dcmjs.data.DicomMessage.readFile(bytes.buffer);
      const [, , height] = file.dict['00200032'].Value as number[];
      return { name, file, height: Number(height) };
    })
    .sort((a, b) => a.height - b.height);
  for (const [i, { name, file }] of files.entries()) {
    file.dict['00200037'] = { vr: 'DS', Value: ['1', '0', '0', '0', '1', '0'] };
    file.dict['00200032'] = { vr: 'DS', Value: ['-110', '-110', String(SPACING * i)] };
    writeFileSync(path.join(folder, name), new Uint8Array(file.write()));
  }
}
