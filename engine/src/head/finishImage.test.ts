import { finishImage } from './finishImage';
import { FINE_CELLS } from './headInput';

const flat = (value: number) => new Float32Array(FINE_CELLS ** 2).fill(value);
const reading = { refinement: null, threshold: 0.5, calibration: 0 };
const part = (logit: number, column: number) => ({
  fine: flat(logit),
  gray: flat(0.5),
  rectangle: { row: 0, column, rows: 4, columns: 4 },
});

it('joins the tiles of an image, and keeps small parts', () => {
  const slice = { index: 5, rows: 4, columns: 6 };
  const found = finishImage([part(-4, 0), part(4, 3)], slice, reading);
  expect(found.index).toBe(5);
  expect(Array.from(found.mask.subarray(0, 6))).toEqual([0, 0, 0, 0, 1, 1]);
  expect(found.confidence).toBeGreaterThan(0.8);
  expect(finishImage([part(-4, 0)], slice, reading).confidence).toBeUndefined();
});
