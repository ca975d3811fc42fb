import { seriesGeometry } from './seriesGeometry';
import { seriesNotes } from './seriesNotes';

interface Stack {
  /** mm, in the order of the images. */
  heights: number[];
  orientation?: (image: number) => number[];
  aside?: (image: number) => number;
}

const UPRIGHT = [1, 0, 0, 0, 1, 0];

/** Counted from 1 in the order of the images, as a viewer does. */
function notesOf({ heights, orientation = () => UPRIGHT, aside = () => 0 }: Stack): string[] {
  const geometry = seriesGeometry(
    heights.map((z, image) => ({
      position: [aside(image), 0, z],
      orientation: orientation(image),
      pixelSpacing: [1, 1],
    })),
  );
  return seriesNotes(
    geometry,
    geometry.order.map(image => image + 1),
  );
}

test('an even series needs no word', () => {
  expect(notesOf({ heights: [0, 3, 6, 9] })).toEqual([]);
  expect(notesOf({ heights: [0, 0.008, 0.016] })).toEqual([]);
});

test('slices that look missing are named as the user counts them', () => {
  const two =
    'About 2 slices look missing between slices 3 and 4: they lie 9 mm apart, the others 3 mm. Nothing is filled in there.';
  const one =
    'A slice looks missing between slices 6 and 7: they lie 6 mm apart, the others 3 mm. Nothing is filled in there.';
  expect(notesOf({ heights: [0, 3, 6, 15, 18, 21] })).toEqual([two]);
  expect(notesOf({ heights: [21, 18, 15, 6, 3, 0, -6] })).toEqual([two, one]);
  const geometry = seriesGeometry(
    [6, 0, 15, 3].map(z => ({ position: [0, 0, z], orientation: UPRIGHT })),
  );
  expect(seriesNotes(geometry, [0, 1, 2, 3])).toEqual([
    expect.stringContaining('missing between slices 2 and 3: they lie 9 mm apart'),
  ]);
});

test('two distances in one series', () => {
  expect(notesOf({ heights: [0, 2.5, 5, 7.5, 10.5, 13.5, 16.5] })).toEqual([
    'The slices are unevenly spaced (2.5 to 3 mm). They are segmented at their true positions; other planes cannot be reconstructed.',
  ]);
});

test('a tilted gantry, with its angle', () => {
  const angle = (15 * Math.PI) / 180;
  const orientation = () => [1, 0, 0, 0, Math.cos(angle), Math.sin(angle)];
  expect(notesOf({ heights: [0, 3, 6, 9], orientation })).toEqual([
    'The slices are tilted by 15.0° (gantry tilt). They are segmented in their own plane; other planes cannot be reconstructed.',
  ]);
});

test('slices that are shifted to and fro', () => {
  expect(notesOf({ heights: [0, 3, 6, 9], aside: image => 4 * (image % 2) })).toContain(
    'The slices are shifted sideways, back and forth. They are segmented at their true positions; other planes cannot be reconstructed.',
  );
});

test('slices that are turned a little', () => {
  const orientation = (image: number) => [1, 0, 0, 0, Math.cos(0.004 * image), 0.004 * image];
  expect(notesOf({ heights: [0, 3, 6], orientation })).toEqual([
    'The slices are not quite parallel (within half a degree).',
  ]);
});
