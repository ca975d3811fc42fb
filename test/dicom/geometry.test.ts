/**
 * Where segments lie in the patient, after writing and reading: by pydicom, by dcmqi and by our own
 * reader, in every kind of geometry and encoding; and that the files are valid. docs/geometry.md shows
 * the result as a table.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createSegmentation,
  LABEL_MAP_SEGMENTATION_STORAGE,
} from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { expandFrames } from '../../dicom/src/series/expandFrames';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import { GEOMETRIES, SLICES, type Geometry } from './geometries';
import { expectSame, placesOn } from './places';
import { encodeSeg, ENCODINGS, SEGMENTS, type Encoding } from './segMatrix';
import {
  hasDciodvfy,
  hasPydicom,
  placesWithDcmqi,
  placesWithPydicom,
  testIf,
  validate,
  type Places,
} from './tools';

/** What dciodvfy says of label maps, younger than it, where they are as the standard wants them. */
const FALSE_ALARMS = [
  'Error - Unrecognized enumerated value <LABELMAP> for value 1 of attribute <Segmentation Type>',
  'Error - Missing attribute Type 1 Required Element=<SegmentIdentificationSequence> Module=<SegmentationMacro>',
];

/** Errors that dciodvfy finds; a label map is shown to it as the older class, which it knows. */
function errorsOf(file: string): string[] {
  const bytes = readFileSync(file);
  const uid = LABEL_MAP_SEGMENTATION_STORAGE;
  for (let at = bytes.indexOf(uid); at >= 0; at = bytes.indexOf(uid, at + 1)) {
    bytes.write('4', at + uid.length - 1);
  }
  const shown = `${file}.shown`;
  writeFileSync(shown, bytes);
  return validate(shown).filter(line => line.startsWith('Error') && !FALSE_ALARMS.includes(line));
}

let folder: string;
const fileOf = ({ name }: Geometry, encoding: Encoding) =>
  path.join(folder, `${name} ${encoding.name}.dcm`.replace(/[^\w.]+/g, '-'));
let byPydicom: Map<string, Places>;
let byDcmqi: Map<string, Places>;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-geometry-'));
  const files: string[] = [];
  const forDcmqi: string[] = [];
  for (const geometry of GEOMETRIES) {
    for (const encoding of ENCODINGS) {
      const file = fileOf(geometry, encoding);
      writeFileSync(file, encodeSeg(geometry.instances, SEGMENTS, encoding));
      files.push(file);
      forDcmqi.push(file);
    }
  }
  byPydicom = new Map(
    (hasPydicom ? placesWithPydicom(files) : []).map((places, i) => [
      files[i],
      Object.fromEntries(
        Object.entries(places).map(([number, list]) => [SEGMENTS[Number(number) - 1].label, list]),
      ),
    ]),
  );
  byDcmqi = new Map(placesWithDcmqi(forDcmqi).map((places, i) => [forDcmqi[i], places]));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(GEOMETRIES)('$name', geometry => {
  const sources = expandFrames(geometry.instances);
  const expected = placesOn(sources, SEGMENTS);

  describe.each(ENCODINGS)('$name', encoding => {
    test('our reader finds the same places, whatever the order of the images', async () => {
      const bytes = readFileSync(fileOf(geometry, encoding));
      const shuffled = [3, 0, 5, 1, 4, 2].map(i => sources[i]);
      const { segments } = await readSegmentation(bytes, shuffled);
      expectSame(placesOn(shuffled, segments), expected, sources);
    });

    testIf(hasPydicom, 'python3-pydicom')('pydicom finds the same places', () => {
      expectSame(byPydicom.get(fileOf(geometry, encoding))!, expected, sources);
    });

    testIf(hasDciodvfy, 'dciodvfy (Debian: dicom3tools)')('dciodvfy finds no error', () => {
      expect(errorsOf(fileOf(geometry, encoding))).toEqual([]);
    });

    const reason = encoding.notForDcmqi ?? geometry.notForDcmqi;
    if (reason) {
      test(`dcmqi cannot show it: ${reason}`, () => {
        const found = byDcmqi.get(fileOf(geometry, encoding))!;
        expect(() => expectSame(found, expected, sources)).toThrow();
      });
      return;
    }
    test('dcmqi finds the same places', () => {
      expectSame(byDcmqi.get(fileOf(geometry, encoding))!, expected, sources);
    });
  });
});

describe('two series in one frame of reference', () => {
  const [{ instances: ct }] = GEOMETRIES;
  const encoded = () => new Uint8Array(encodePart10(createSegmentation(ct, SEGMENTS)));
  const other = (change: (source: NaturalizedDataset, i: number) => NaturalizedDataset) =>
    ct.map((source, i) => ({
      ...source,
      SOPInstanceUID: `2.25.77${i}`,
      SeriesInstanceUID: '2.25.77',
      ...change(source, i),
    }));

  test('a segmentation of one is found at the same places of the other', async () => {
    const second = other(() => ({}));
    const { segments } = await readSegmentation(encoded(), second);
    expectSame(placesOn(second, segments), placesOn(ct, SEGMENTS), ct);
  });

  test('it is refused where the other lies elsewhere', async () => {
    const shifted = other((_, i) => ({ ImagePositionPatient: [-30.5, -40.25, 101.25 + 2.5 * i] }));
    await expect(readSegmentation(encoded(), shifted)).rejects.toMatchObject({
      code: 'bad-geometry',
      message: expect.stringContaining('1.25 mm beside the nearest image'),
    });
    expect(SLICES).toBe(ct.length);
  });
});
