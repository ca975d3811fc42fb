/** SEGs that dcmqi wrote, in our reader. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import { presentable } from '../../scripts/setup/demoStudy';
import { expectSame, placesOn } from './places';
import { hasSharedData, MR_FILE, MR_FOLDER, readFolder, SHARED_DATA } from './sources';
import { hasPydicom, placesWithPydicom, testIf, writeWithDcmqi, type Places } from './tools';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-others-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('of an oblique MR series, written now', async () => {
  const series = path.join(folder, 'mr');
  mkdirSync(series);
  for (const file of readdirSync(MR_FOLDER).filter(name => MR_FILE.test(name))) {
    writeFileSync(path.join(series, file), presentable(readFileSync(path.join(MR_FOLDER, file))));
  }
  const seg = path.join(folder, 'dcmqi.dcm');
  const places = writeWithDcmqi(series, seg);
  const sources = readFolder(series).map(({ instance }) => instance);
  const read = await readSegmentation(readFileSync(seg), sources);
  // ITK makes one even grid of the series, whose positions are rounded.
  const tolerance = { mm: 1, pixels: 0.25 };
  expectSame(placesOn(sources, read.segments), places, sources, tolerance);
  expect(read).toMatchObject({ segmentationType: 'BINARY', seriesDescription: 'By dcmqi' });
  expect(read.segments).toMatchObject([
    {
      label: 'Box',
      algorithmType: 'MANUAL',
      type: { value: '23451007', scheme: 'SCT', meaning: 'Adrenal gland' },
      typeModifier: { value: '24028007', scheme: 'SCT', meaning: 'Right' },
    },
    { label: 'Rows' },
  ]);
  // dcmqi goes to CIELab and back by another white point.
  const [red, green, blue] = read.segments[0].color!;
  expect(Math.abs(red - 221) + Math.abs(green - 84) + Math.abs(blue - 84)).toBeLessThan(30);
}, 120_000);

describe('of a CT series, published with dcmqi', () => {
  const DATA = path.join(SHARED_DATA, 'dicom_seg_3slice');
  const testWithData = testIf(hasSharedData && hasPydicom, '../shared/data or python3-pydicom');

  testWithData('the liver, and five segments that overlap, as pydicom reads them', async () => {
    const sources = readFolder(path.join(DATA, 'ct')).map(({ instance }) => instance);
    const files = ['liver.dcm', 'partial_overlaps.dcm'].map(name => path.join(DATA, name));
    const byPydicom = placesWithPydicom(files);
    const counts: number[] = [];
    for (const [i, file] of files.entries()) {
      const { segments } = await readSegmentation(readFileSync(file), sources);
      counts.push(segments.length);
      const byNumber: Places = placesOn(
        sources,
        segments.map(({ number, masks }) => ({ label: String(number), masks })),
      );
      expectSame(byNumber, byPydicom[i], sources);
    }
    expect(counts).toEqual([1, 5]);
  });
});
