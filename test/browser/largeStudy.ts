import dcmjs, { type DcmjsDataset } from 'dcmjs';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');
/** Rows and columns of the demo study. */
const SMALL = 256;
/** Rows and columns. */
export const LARGE = 2048;

/** Bilinear. @param pixels SMALL x SMALL, row by row */
function enlarged(pixels: Uint16Array): Uint16Array<ArrayBuffer> {
  const scale = SMALL / LARGE;
  const large = new Uint16Array(LARGE * LARGE);
  const at = Array.from({ length: LARGE }, (_, i) => {
    const place = Math.min(SMALL - 1, Math.max(0, (i + 0.5) * scale - 0.5));
    const low = Math.min(SMALL - 2, Math.floor(place));
    return { low, part: place - low };
  });
  for (const [y, { low: top, part: down }] of at.entries()) {
    for (const [x, { low: left, part: right }] of at.entries()) {
      const i = top * SMALL + left;
      const upper = pixels[i] * (1 - right) + pixels[i + 1] * right;
      const lower = pixels[i + SMALL] * (1 - right) + pixels[i + SMALL + 1] * right;
      large[y * LARGE + x] = Math.round(upper * (1 - down) + lower * down);
    }
  }
  return large;
}

function enlarge(dict: DcmjsDataset): void {
  const [frame] = dict['7FE00010'].Value as ArrayBuffer[];
  const [row, column] = (dict['00280030'].Value as (number | string)[]).map(Number);
  const scale = SMALL / LARGE;
  Object.assign(dict, {
    '00280010': { vr: 'US', Value: [LARGE] },
    '00280011': { vr: 'US', Value: [LARGE] },
    '00280030': { vr: 'DS', Value: [String(row * scale), String(column * scale)] },
    '7FE00010': { vr: 'OW', Value: [enlarged(new Uint16Array(frame)).buffer] },
  });
}

/** What an X-ray image is: no place, no orientation, one image that stands for itself. */
function projection(modality: string, sopClass: string): (dict: DcmjsDataset) => void {
  return dict => {
    enlarge(dict);
    delete dict['00200032'];
    delete dict['00200037'];
    dict['00080060'] = { vr: 'CS', Value: [modality] };
    dict['00080016'] = { vr: 'UI', Value: [sopClass] };
  };
}

const SERIES: Record<string, { slices: number; change(dict: DcmjsDataset): void }> = {
  'LARGE SLICES': { slices: 4, change: enlarge },
  'X-RAY': { slices: 1, change: projection('DX', '1.2.840.10008.5.1.4.1.1.1.1') },
  MAMMOGRAPHY: { slices: 4, change: projection('MG', '1.2.840.10008.5.1.4.1.1.1.2') },
};

/** Writes one study of images of 2048 x 2048: slices, an X-ray image, four mammograms in one series. */
export function writeLargeStudy(folder: string): void {
  const files = readdirSync(DEMO_STUDY).filter(file => file.endsWith('.dcm'));
  for (const [number, [description, { slices, change }]] of Object.entries(SERIES).entries()) {
    for (const [i, source] of files.slice(6, 6 + slices).entries()) {
      const bytes = new Uint8Array(readFileSync(path.join(DEMO_STUDY, source)));
      const file = dcmjs.data.DicomMessage.readFile(bytes.buffer);
      change(file.dict);
      const uid = `2.25.61${number}${String(i).padStart(3, '0')}`;
      const [sopClass] = file.dict['00080016'].Value as string[];
      file.dict['00080018'] = { vr: 'UI', Value: [uid] };
      file.meta['00020002'] = { vr: 'UI', Value: [sopClass] };
      file.meta['00020003'] = { vr: 'UI', Value: [uid] };
      file.dict['0020000E'] = { vr: 'UI', Value: [`2.25.62${number}`] };
      file.dict['00200011'] = { vr: 'IS', Value: [String(number + 1)] };
      file.dict['0008103E'] = { vr: 'LO', Value: [description] };
      writeFileSync(
        path.join(folder, `${description.replace(' ', '-')}-${i}.dcm`),
        new Uint8Array(file.write()),
      );
    }
  }
}
