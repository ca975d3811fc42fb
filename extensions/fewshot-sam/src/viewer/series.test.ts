import type { Cornerstone, DisplaySet, Instance } from '../host/ohif';
import { seriesOf } from './series';

const SLICE = {
  SOPInstanceUID: '1',
  Modality: 'MR',
  Rows: 4,
  Columns: 5,
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  PixelSpacing: [1, 1],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
};

/** A display set of these images, and the metadata that cornerstone has of them. */
function seriesWith(instances: object[]) {
  const imageIds = instances.map((_, i) => String(i));
  const core = {
    metaData: { get: (_: string, imageId: string) => instances[Number(imageId)] as Instance },
  };
  return () =>
    seriesOf(
      { displaySetInstanceUID: 'd', imageIds } as DisplaySet,
      core as unknown as Cornerstone['core'],
    );
}

const slices = (change: object, count = 3) =>
  Array.from({ length: count }, (_, i) => ({
    ...SLICE,
    ImagePositionPatient: [0, 0, 3 * i],
    ...change,
  }));

test('slices in order', () => {
  const series = seriesWith(slices({}))();
  expect(series).toMatchObject({ imageIds: ['0', '1', '2'], sliceSpacing: 3, rows: 4, columns: 5 });
});

test.each([['DX'], ['MG'], ['CR'], ['XA']])('an X-ray projection is refused: %s', modality => {
  const change = { Modality: modality, ImagePositionPatient: undefined };
  for (const count of [1, 4]) {
    expect(seriesWith(slices(change, count))).toThrow(
      `This is an X-ray projection (modality ${modality}), not a stack of slices`,
    );
  }
});

test('tomosynthesis, whose slices say where they lie, is no projection', () => {
  expect(seriesWith(slices({ Modality: 'MG' }))().imageIds).toHaveLength(3);
  const places = Array.from({ length: 3 }, (_, i) => ({
    PlanePositionSequence: [{ ImagePositionPatient: [0, 0, i] }],
  }));
  const frames = places.map((_, i) => ({
    ...slices({ Modality: 'MG' })[i],
    NumberOfFrames: 3,
    frameNumber: i + 1,
    SharedFunctionalGroupsSequence: [{}],
    PerFrameFunctionalGroupsSequence: places,
  }));
  expect(seriesWith(frames)().imageIds).toHaveLength(3);
});

test('a single slice is refused as such', () => {
  expect(seriesWith(slices({}, 1))).toThrow('This series has a single image');
});

describe('images that differ are named, by Instance Number as the viewer shows it', () => {
  const withOne = (change: object, count = 5) =>
    slices({}, count).map((slice, i) => ({
      ...slice,
      InstanceNumber: i + 11,
      ...(i === 3 ? change : {}),
    }));

  it.each([
    [{ PixelSpacing: undefined }, 'Image 14 has no usable Pixel Spacing'],
    [
      { PixelSpacing: [0.9, 0.9] },
      'Image 14 differs from the others of this series in Pixel Spacing (0.9 x 0.9 mm, the others 1 x 1 mm).',
    ],
    [
      { Rows: 2 },
      'Image 14 differs from the others of this series in size (5 x 2, the others 5 x 4).',
    ],
    [
      { ImageOrientationPatient: [0, 1, 0, 0, 0, -1] },
      'Image 14 differs from the others of this series in orientation',
    ],
    [{ ImagePositionPatient: [0, 0, 6] }, 'lie at one position: Image 13 and Image 14.'],
    [{ ImagePositionPatient: undefined }, 'Image 14 has no usable Image Position (Patient)'],
    [{ ModalityLUTSequence: [{}] }, 'Image 14 turns stored values into units by a table'],
  ])('%j', (change, message) => {
    expect(seriesWith(withOne(change))).toThrow(message);
  });

  it('also where the first is the odd one', () => {
    const series = withOne({}).map((slice, i) => (i === 0 ? { ...slice, Rows: 2 } : slice));
    expect(seriesWith(series)).toThrow('Image 11 differs from the others');
  });

  it('not all of many', () => {
    const series = slices({}, 9).map((slice, i) => (i < 4 ? { ...slice, Rows: 2 } : slice));
    expect(seriesWith(series)).toThrow('Image 1, Image 2 and 2 others differ from the others');
  });
});

test.each([
  ['8 µm apart', [0, 0.008, 0.016, 0.024], 0.008],
  ['uneven', [0, 2.5, 5, 8, 11, 14], 3],
  ['Spacing Between Slices is not looked at', [0, 3, 6], 3],
])('positions alone decide: %s', (_what, heights, sliceSpacing) => {
  const series = heights.map(z => ({
    ...slices({})[0],
    ImagePositionPatient: [0, 0, z],
    SpacingBetweenSlices: -5,
  }));
  expect(seriesWith(series)().sliceSpacing).toBeCloseTo(sliceSpacing, 9);
});
