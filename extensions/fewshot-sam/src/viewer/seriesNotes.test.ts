import { seriesGeometry } from 'fewshot-sam/geometry/seriesGeometry';
import { seriesNotes } from './seriesNotes';

const notes = (heights: number[], orientation = [1, 0, 0, 0, 1, 0]) =>
  seriesNotes(
    seriesGeometry(heights.map(z => ({ position: [0, 0, z], orientation, pixelSpacing: [1, 1] }))),
  );

test('an even series needs no word', () => {
  expect(notes([0, 3, 6, 9])).toEqual([]);
  expect(notes([0, 0.008, 0.016])).toEqual([]);
});

test('slices that look missing are named as the panel counts them', () => {
  expect(notes([0, 3, 6, 15, 18, 21])).toEqual([
    'About 2 slices look missing between slices 3 and 4: they lie 9 mm apart, the others 3 mm. Nothing is filled in there.',
  ]);
  expect(notes([21, 18, 15, 6, 3, 0, -6])).toEqual([
    'About 2 slices look missing between slices 3 and 4: they lie 9 mm apart, the others 3 mm. Nothing is filled in there.',
    'A slice looks missing between slices 6 and 7: they lie 6 mm apart, the others 3 mm. Nothing is filled in there.',
  ]);
});

test('two distances in one series', () => {
  expect(notes([0, 2.5, 5, 7.5, 10.5, 13.5, 16.5])).toEqual([
    'The slices lie at uneven distances (2.5 to 3 mm). They are segmented where they lie; other planes are not offered.',
  ]);
});

test('a tilted gantry, with its angle', () => {
  const angle = (15 * Math.PI) / 180;
  const orientation = [1, 0, 0, 0, Math.cos(angle), Math.sin(angle)];
  expect(notes([0, 3, 6, 9], orientation)).toEqual([
    'The slices are tilted by 15.0° (gantry tilt). They are segmented in their own plane; other planes are not offered.',
  ]);
});
