import type { FewshotResult } from 'fewshot-sam';
import type { CollectedSegment } from '../session/collect';
import type { Series } from '../viewer/series';
import {
  factsOf,
  learnObstacle,
  outlineInStudy,
  planeOfSeries,
  resultInSeries,
  studyOf,
} from './taskStudy';

/** A patient on the belly: rows run to the right, columns to the front. */
const series: Series = {
  displaySetInstanceUID: 'set',
  studyInstanceUID: 'study',
  seriesInstanceUID: 'series',
  description: '',
  modality: 'MR',
  imageIds: ['a', 'b', 'c'],
  instances: [0, 5, 10].map(height => ({
    SOPInstanceUID: `1.${height}`,
    SOPClassUID: '',
    ImageOrientationPatient: [-1, 0, 0, 0, -1, 0],
    ImagePositionPatient: [0, 0, height],
  })),
  rows: 2,
  columns: 3,
  rowSpacing: 1,
  columnSpacing: 1,
  sliceSpacing: 5,
};
const result = (index: number, mask: number[]): FewshotResult => ({
  slices: [
    {
      index,
      mask: Uint8Array.from(mask),
      probability: () => Float32Array.from(mask, v => 0.6 * v),
    },
  ],
  iterations: 0,
  losses: [],
  seconds: { encode: 0, fit: 0, propagate: 0 },
  embeddingsFromCache: 0,
});

describe('a series as tasks see it', () => {
  it('shows outlines the right way round, and results go the way back', () => {
    const study = studyOf(series, 'axial');
    const drawn = Uint8Array.of(1, 1, 0, 0, 0, 0);
    const seen = outlineInStudy(study, series, 1, drawn);
    expect([...seen]).toEqual([0, 0, 0, 0, 1, 1]);
    const one = result(1, [...seen]);
    one.slices[0].confidence = 0.75;
    const back = resultInSeries(study, series, one);
    expect(back.series).toBe(series);
    expect([...back.result.slices[0].mask]).toEqual([...drawn]);
    expect(back.result.slices[0].confidence).toBe(0.75);
    expect(back.result.slices[0].probability()).toEqual(Float32Array.of(0.6, 0.6, 0, 0, 0, 0));
  });

  it('is cut along another axis, and its results lie on the same voxels', () => {
    const study = studyOf(series, 'coronal');
    // The head is at the top, the left side of the patient on the right; the back comes first.
    const found = result(0, [1, 0, 0, 0, 0, 0, 0, 0, 1]);
    found.slices[0].confidence = 0.75;
    expect(resultInSeries(study, study, found)).toEqual({ series: study, result: found });
    const axial = resultInSeries(study, series, found);
    expect(axial.result.slices.every(({ confidence }) => confidence === undefined)).toBe(true);
    expect(axial.series).toBe(series);
    expect(axial.result.slices.map(({ index, mask }) => [index, mask.join('')])).toEqual([
      [0, '100000'],
      [1, '000000'],
      [2, '001000'],
    ]);
    expect([...outlineInStudy(study, study, 0, Uint8Array.of(1, 0))]).toEqual([1, 0]);
    expect(planeOfSeries(study)).toBe('coronal');
  });

  it('tells what decides whether a task suits it', () => {
    expect(factsOf(series, 'coronal')).toEqual({
      modality: 'MR',
      plane: 'axial',
      resliceObstacle: null,
      spacingMm: [5, 1],
      extentMm: 15,
    });
  });
});

it('says what is missing before a structure can be learned', () => {
  const segment = (outlined: number[]) => ({ label: 'Liver', inSet: outlined }) as CollectedSegment;
  expect(learnObstacle(undefined)?.message).toBe('No structure is selected.');
  expect(learnObstacle(segment([]))?.message).toBe('Nothing is outlined for Liver.');
  expect(learnObstacle(segment([3]))?.message).toBe('Only slice 4 is outlined for Liver.');
  expect(learnObstacle(segment([3, 5]))).toBeNull();
  // A task that slices are added to knows others.
  expect(learnObstacle(segment([3]), true)).toBeNull();
  expect(learnObstacle(segment([]), true)).toEqual({
    message: 'Nothing is outlined for Liver.',
    remedy: 'Outline the structure on at least one slice.',
  });
});
