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
