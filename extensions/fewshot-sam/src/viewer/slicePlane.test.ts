import { slicePlane, type Point3 } from './slicePlane';

const series = (orientation: number[]) => ({
  rowSpacing: 2,
  columnSpacing: 3,
  instances: [
    {
      SOPInstanceUID: '1',
      SOPClassUID: '2',
      ImagePositionPatient: [10, 20, 30],
      ImageOrientationPatient: orientation,
    },
  ],
});
/** Canvas pixels per mm: 10 along x, -10 along y. */
const canvas = ([x, y]: Point3): [number, number] => [10 * x, -10 * y];

test('the first voxel is centered on the image position', () => {
  const plane = slicePlane(series([1, 0, 0, 0, 1, 0]), 0)!;
  const [a, b, c, d, e, f] = plane.cornerToCanvas(canvas);
  expect([a, b, c, d]).toEqual([30, 0, 0, -20].map(value => expect.closeTo(value)));
  expect([0.5 * a + 0.5 * c + e, 0.5 * b + 0.5 * d + f]).toEqual([100, -200]);
  expect(plane.normal).toEqual([0, 0, 1]);
});

test('rows that run along y turn the picture', () => {
  const [a, b, c, d] = slicePlane(series([0, 1, 0, 1, 0, 0]), 0)!.cornerToCanvas(canvas);
  expect([a, b, c, d]).toEqual([0, -30, 20, 0].map(value => expect.closeTo(value)));
});

test('no position, no plane', () => {
  const without = series([1, 0, 0, 0, 1, 0]);
  without.instances[0].ImagePositionPatient = [];
  expect(slicePlane(without, 0)).toBeNull();
});
