import { reslicedSliceShown, planeAlong, pointOnSlice, sliceAt } from './planeShown';
import { resliceSeries } from './reslice';
import type { Series } from './series';

/** Axial, from feet to head, its first pixel at (-10, -20, 30). */
const series: Series = {
  displaySetInstanceUID: 'set',
  studyInstanceUID: 'study',
  seriesInstanceUID: 'series',
  description: '',
  modality: 'CT',
  imageIds: ['a', 'b', 'c'],
  instances: [0, 1, 2].map(step => ({
    SOPInstanceUID: `1.${step}`,
    SOPClassUID: '',
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [-10, -20, 30 + 5 * step],
  })),
  rows: 6,
  columns: 8,
  rowSpacing: 2,
  columnSpacing: 2,
  sliceSpacing: 5,
};

it('tells the plane from the direction in which a viewport looks', () => {
  expect(planeAlong(series, [0, -1, 0])).toBe('coronal');
  expect(planeAlong(series, [1, 0, 0])).toBe('sagittal');
  expect(planeAlong(series, [0, 0, -1])).toBe('axial');
  expect(planeAlong(series, [0, -0.9, 0.436])).toBeNull();
});

it('finds the slice of a point, and the point of a slice', () => {
  const reslice = resliceSeries(series, 'coronal').reslice!;
  // From back to front, as the viewer counts: the third row of six is the fourth slice.
  expect(sliceAt(reslice, [0, -16.4, 40])).toBe(3);
  expect(sliceAt(reslice, [0, -40, 40])).toBeNull();
  expect(pointOnSlice(reslice, [1, -20, 40], 0)).toEqual([1, -10, 40]);
});

it('takes an oblique acquisition in its own plane only, not in that of the patient', () => {
  const [cos, sin] = [Math.cos(0.15), Math.sin(0.15)];
  const oblique = {
    ...series,
    instances: series.instances.map((instance, step) => ({
      ...instance,
      ImageOrientationPatient: [1, 0, 0, 0, cos, sin],
      ImagePositionPatient: [0, -5 * sin * step, 5 * cos * step],
    })),
  };
  expect(planeAlong(oblique, [0, -sin, cos])).toBe('axial');
  expect(planeAlong(oblique, [0, 0, 1])).toBeNull();
  expect(planeAlong(oblique, [0, -1, 0])).toBeNull();
  // Its columns run straight from right to left.
  expect(planeAlong(oblique, [1, 0, 0])).toBe('sagittal');
});

it('tells which cut slice a camera looks at, in its own plane', () => {
  const reslice = resliceSeries(series, 'coronal').reslice!;
  const focalPoint: [number, number, number] = [0, -16.4, 40];
  expect(reslicedSliceShown(reslice, { viewPlaneNormal: [0, 1, 0], focalPoint })).toBe(3);
  expect(reslicedSliceShown(reslice, { viewPlaneNormal: [0, 0, 1], focalPoint })).toBeNull();
});
