import { createSegmentation } from './createSegmentation';
import { encodePart10 } from '../data/encodePart10';
import type { NaturalizedDataset } from '../data/naturalized';
import { readSegmentation } from './readSegmentation';
import { images, liver, perFrame, roundTrip, without } from './testRoundTrip';
import { segment } from './testSeries';

describe('readSegmentation', () => {
  const axial = (change: NaturalizedDataset) => images.map(source => ({ ...source, ...change }));
  it.each<[string, NaturalizedDataset[], RegExp]>([
    [
      'another frame of reference',
      axial({ FrameOfReferenceUID: '1.2.4000' }),
      /frame of reference is 1\.2\.3000, that of the images 1\.2\.4000/,
    ],
    ['another matrix', axial({ Rows: 6 }), /its matrix is 5 x 3, that of the images 5 x 6/],
    ['another spacing', axial({ PixelSpacing: [0.5, 0.8] }), /0\.5\\0\.7 mm.*0\.5\\0\.8 mm/],
    [
      'oblique images',
      axial({ ImageOrientationPatient: [0.8, 0.6, 0, -0.6, 0.8, 0] }),
      /frame 1: it lies oblique to the images/,
    ],
    [
      'images that are tilted out of its plane by 5 degrees',
      axial({ ImageOrientationPatient: [1, 0, 0, 0, 0.9962, 0.0872] }),
      /frame 1: it lies oblique to the images/,
    ],
    [
      'images elsewhere in the plane',
      images.map((source, i) => ({ ...source, ImagePositionPatient: [-6.5, -20, 2 * i] })),
      /frame 1: its pixel in column 1, row 1 lies -3\.50 mm and 0\.00 mm beside/,
    ],
    [
      'images between its slices',
      images.map((source, i) => ({ ...source, ImagePositionPatient: [-10, -20, 2 * i + 1] })),
      /frame 1: it lies 1\.00 mm beside the nearest image/,
    ],
    [
      'references that contradict the place',
      [0, 1, 2, 3].map(i => ({ ...images[i], SOPInstanceUID: images[3 - i].SOPInstanceUID })),
      /frame 1 refers to slice 3 and lies on slice 2/,
    ],
  ])('refuses %s', async (_, readOnto, message) => {
    await expect(roundTrip([liver], {}, { readOnto })).rejects.toMatchObject({
      code: 'bad-geometry',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/this series/),
    });
  });

  const set = (change: NaturalizedDataset) => (dataset: NaturalizedDataset) => ({
    ...dataset,
    ...change,
  });
  it.each<[string, (dataset: NaturalizedDataset) => NaturalizedDataset, RegExp]>([
    [
      'an image',
      set({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT' }),
      /not a DICOM segmentation but CT/,
    ],
    ['an unknown type', set({ SegmentationType: 'toString' }), /of the unknown type "toString"/],
    ['frames without description', set({ NumberOfFrames: '3' }), /3 frames and describes 2/],
    ['no segment', set({ SegmentSequence: [] }), /describes no segment/],
    [
      'pixels that are cut off',
      set({ PixelData: new ArrayBuffer(2) }),
      /cut off \(2 bytes instead of 4\)/,
    ],
    ['8 bits of BINARY', set({ BitsAllocated: 8 }), /BINARY with 8 bits/],
    ['no pixels', set({ PixelData: undefined }), /no pixel data/],
    ['no rows', set({ Rows: 0 }), /no Rows or Columns/],
    ['a frame without segment', without('SegmentIdentificationSequence'), /frame 1 does not name/],
    [
      'a segment that is not described',
      perFrame(groups => ({
        ...groups,
        SegmentIdentificationSequence: [{ ReferencedSegmentNumber: 9 }],
      })),
      /frame 1 belongs to segment 9/,
    ],
    [
      'two frames in one place',
      perFrame((groups, i) =>
        i === 1
          ? {
              ...groups,
              PlanePositionSequence: [{ ImagePositionPatient: ['-10', '-20', '2'] }],
              DerivationImageSequence: [],
            }
          : groups,
      ),
      /segment 1 has two frames on slice 2/,
    ],
  ])('refuses %s', async (_, change, message) => {
    await expect(roundTrip([liver], {}, { change })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/./),
    });
  });

  it('refuses pixels that drift away from those of the images', async () => {
    const wide = (spacing: number) =>
      images.map(source => ({ ...source, Rows: 1, Columns: 100, PixelSpacing: [0.5, spacing] }));
    const line = segment('', { 0: new Uint8Array(100).fill(1) });
    await expect(
      roundTrip([line], {}, { sources: wide(0.7), readOnto: wide(0.703) }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('column 100, row 1 lies -0.30 mm'),
    });
  });

  it('refuses more than it may unpack', async () => {
    const file = new Uint8Array(encodePart10(createSegmentation(images, [liver])));
    await expect(readSegmentation(file, images, { maximumVoxels: 29 })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('more than 29 voxels'),
    });
    await expect(readSegmentation(file, images, { maximumVoxels: 30 })).resolves.toBeTruthy();
  });

  it('refuses what is no DICOM file', async () => {
    await expect(readSegmentation(new Uint8Array(200), images)).rejects.toMatchObject({
      message: 'The segmentation cannot be read: it is not a DICOM file.',
    });
  });
});
