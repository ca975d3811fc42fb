/**
 * SEG objects made from real series, read back by others: pydicom, dcmqi (the reference
 * implementation) and the validator dciodvfy.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSegmentation, type Segment } from '../../dicom/src/seg/createSegmentation';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { presentable } from '../../scripts/setup/demoStudy';
import {
  CT_FOLDER,
  CT_LABELS,
  hasSharedData,
  MR_FILE,
  MR_FOLDER,
  readFolder,
  type SourceImage,
} from './sources';
import {
  compareWithNifti,
  hasDciodvfy,
  hasPydicom,
  labelsOnGrid,
  readWithDcmqi,
  readWithPydicom,
  testIf,
  validate,
} from './tools';

const PYDICOM = 'python3-pydicom';
const DCIODVFY = 'dciodvfy (Debian: dicom3tools)';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-seg-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, images: SourceImage[], segments: Segment[]): string {
  const file = path.join(folder, name);
  const dataset = createSegmentation(
    images.map(image => image.instance),
    segments,
    { seriesDescription: `Few-shot SAM: ${segments.map(({ label }) => label).join(', ')}` },
  );
  writeFileSync(file, Buffer.from(encodePart10(dataset)));
  return file;
}

/** The voxels that a segment should have per source image, as readSeg.py prints them. */
function expected(images: SourceImage[], { masks }: Segment) {
  const slices: Record<string, { voxels: number; sha256: string }> = {};
  for (const [index, mask] of masks) {
    const voxels = mask.reduce((sum, value) => sum + value, 0);
    if (!voxels) continue;
    const sha256 = createHash('sha256').update(mask).digest('hex');
    slices[String(images[index].instance.SOPInstanceUID)] = { voxels, sha256 };
  }
  return slices;
}

function voxelsPerSlice({ masks }: Segment, slices: number): number[] {
  return Array.from({ length: slices }, (_, index) =>
    (masks.get(index) ?? new Uint8Array()).reduce((sum, value) => sum + value, 0),
  );
}

describe('an oblique MR series (19 slices, 256 x 256, 7 mm apart)', () => {
  let sources: string;
  let images: SourceImage[];
  let segments: Segment[];
  let seg: string;

  beforeAll(() => {
    sources = path.join(folder, 'mr');
    mkdirSync(sources);
    for (const file of readdirSync(MR_FOLDER).filter(name => MR_FILE.test(name))) {
      const bytes = presentable(readFileSync(path.join(MR_FOLDER, file)));
      writeFileSync(path.join(sources, file), bytes);
    }
    images = readFolder(sources);
    const where = (
      slices: number[],
      test: (value: number, column: number, row: number) => boolean,
    ) =>
      new Map(
        slices.map(index => [
          index,
          Uint8Array.from(images[index].pixels, (value, i) =>
            Number(test(value, i % 256, Math.floor(i / 256))),
          ),
        ]),
      );
    segments = [
      {
        label: 'Bright tissue',
        color: [221, 84, 84],
        algorithmType: 'SEMIAUTOMATIC',
        // Slice 1 is there, but empty.
        masks: where([...images.keys()], (value, _column, row) => value > 400 && row > 20).set(
          1,
          new Uint8Array(256 * 256),
        ),
      },
      {
        label: 'Schräges Stück',
        color: [0, 128, 255],
        algorithmType: 'MANUAL',
        masks: where([7, 3, 4], (_value, column, row) => column + 2 * row < 90),
      },
      {
        label: 'Overlaps',
        description: 'Left half of the bright tissue',
        color: [255, 255, 255],
        algorithmType: 'SEMIAUTOMATIC',
        masks: where([9, 10], (value, column) => value > 400 && column > 128),
      },
    ];
    seg = write('mr.dcm', images, segments);
  });

  testIf(hasPydicom, PYDICOM)('pydicom finds the same voxels at the same places', () => {
    const read = readWithPydicom(seg, sources);
    expect(read).toMatchObject({
      frames: 18 + 3 + 2,
      sources: 19,
      segmentsOverlap: 'YES',
      seriesDescription: 'Few-shot SAM: Bright tissue, Schräges Stück, Overlaps',
    });
    expect(read.segments.map(({ slices }) => slices)).toEqual(
      segments.map(segment => expected(images, segment)),
    );
    expect(read.segments).toMatchObject([
      {
        number: 1,
        label: 'Bright tissue',
        algorithmType: 'SEMIAUTOMATIC',
        algorithmName: 'Few-shot SAM',
        algorithmVersion: 'development',
      },
      {
        number: 2,
        label: 'Schräges Stück',
        algorithmType: 'MANUAL',
        algorithmName: '',
        algorithmVersion: '',
      },
      {
        number: 3,
        label: 'Overlaps',
        algorithmType: 'SEMIAUTOMATIC',
        algorithmName: 'Few-shot SAM',
        algorithmVersion: 'development',
      },
    ]);
  });

  testIf(hasDciodvfy, DCIODVFY)('dciodvfy notes nothing but the label that is not ASCII', () => {
    // Items may name their character set (PS3.5, 7.5.3), which the validator does not expect. It is
    // there because OHIF would otherwise show `SchrÃ¤ges`.
    expect(validate(seg)).toEqual([
      'Warning - Attribute is not present in standard DICOM IOD - (0x0008,0x0005) CS Specific Character Set',
      'Warning - Dicom dataset contains attributes not present in standard DICOM IOD - this is a Standard Extended SOP Class',
    ]);
  });

  test('dcmqi finds the same voxels, segments that overlap included', () => {
    const read = readWithDcmqi(seg, true);
    expect(read.size).toEqual([256, 256, 19]);
    expect(read.counts.slice(1)).toEqual(segments.map(segment => voxelsPerSlice(segment, 19)));
    expect(read.spacing[0]).toBeCloseTo(0.859375, 6);
    expect(read.spacing[2]).toBeCloseTo(7, 1);
    const origin = images[0].instance.ImagePositionPatient as number[];
    read.origin.forEach((value, axis) => expect(value).toBeCloseTo(origin[axis], 3));
    const attributes = read.metaInfo.segmentAttributes.flat();
    expect(attributes.map(({ SegmentAlgorithmType }) => SegmentAlgorithmType)).toEqual([
      'SEMIAUTOMATIC',
      'MANUAL',
      'SEMIAUTOMATIC',
    ]);
  });
});

const withData = hasSharedData ? describe : describe.skip;
withData(
  `a CT series with labels (20 slices, 512 x 512)${hasSharedData ? '' : ' (skipped: no ../shared/data)'}`,
  () => {
    const LABELS = { Liver: 5, Spleen: 1, Stomach: 6, Aorta: 52, 'Spinal cord': 79 };
    let images: SourceImage[];
    let segments: Segment[];
    let seg: string;

    beforeAll(() => {
      images = readFolder(CT_FOLDER);
      const file = path.join(folder, 'labels.raw');
      labelsOnGrid(CT_LABELS, CT_FOLDER, file);
      const labels = new Uint8Array(readFileSync(file));
      const size = 512 * 512;
      segments = Object.entries(LABELS).map(([label, value]) => ({
        label,
        color: [value, 255 - value, 128],
        algorithmType: 'SEMIAUTOMATIC',
        masks: new Map(
          images.map((_, index) => [
            index,
            labels.subarray(index * size, (index + 1) * size).map(voxel => Number(voxel === value)),
          ]),
        ),
      }));
      seg = write('ct.dcm', images, segments);
    });

    testIf(hasPydicom, PYDICOM)('pydicom finds the same voxels at the same places', () => {
      const read = readWithPydicom(seg, CT_FOLDER);
      expect(read.segmentsOverlap).toBe('NO');
      expect(read.segments.map(({ label }) => label)).toEqual(Object.keys(LABELS));
      expect(read.segments.map(({ slices }) => slices)).toEqual(
        segments.map(segment => expected(images, segment)),
      );
    });

    testIf(hasPydicom, PYDICOM)('marks the same places in the patient as the labels', () => {
      const compared = compareWithNifti(seg, CT_LABELS, Object.values(LABELS));
      expect(compared.map(({ label }) => label)).toEqual(Object.values(LABELS));
      for (const { inSeg, inNifti, inBoth } of compared) {
        expect(inSeg).toBeGreaterThan(1000);
        expect([inNifti, inBoth]).toEqual([inSeg, inSeg]);
      }
    });

    testIf(hasDciodvfy, DCIODVFY)('dciodvfy has nothing to say', () => {
      expect(validate(seg)).toEqual([]);
    });

    test('dcmqi finds the same voxels', () => {
      const read = readWithDcmqi(seg, false);
      const slices = segments.map(segment => voxelsPerSlice(segment, images.length));
      // dcmqi's grid reaches from the first slice that has a segment to the last.
      const first = slices[0].findIndex((_, index) => slices.some(counts => counts[index] > 0));
      expect(read.counts.slice(1)).toEqual(
        slices.map(counts => counts.slice(first, first + read.size[2])),
      );
    });
  },
);
