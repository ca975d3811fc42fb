import type { FewshotResult } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import { reviewOf } from './review';
import { SheetPictures } from './sheetPictures';

const series = { columns: 20, rows: 20, rowSpacing: 1, columnSpacing: 1 } as Series;
const liver = { segmentIndex: 1, label: 'Liver', color: [255, 0, 0] as [number, number, number] };

/** A rectangle of the 20 x 20 image, both ends inside. */
const rectangle = (left: number, right: number, top: number, bottom: number) =>
  Uint8Array.from({ length: 400 }, (_, i) => {
    const [row, column] = [Math.floor(i / 20), i % 20];
    return Number(column >= left && column <= right && row >= top && row <= bottom);
  });
const slices = [rectangle(5, 6, 5, 6), rectangle(9, 14, 9, 14)].map((mask, index) => ({
  index,
  mask,
  probability: () => Float32Array.from(mask),
}));
const review = reviewOf(
  [liver],
  [{ segmentIndex: 1, result: { slices } as unknown as FewshotResult }],
);

/** Pictures in a viewer that has loaded the images 0 and `loaded`. */
function sheet(loadSlice: () => Promise<never> = () => Promise.reject(new Error('offline'))) {
  const cached = new Map([[0, new Uint8Array(400).fill(51)]]);
  const viewer = {
    cachedSlice: (_: Series, index: number) => cached.get(index) ?? null,
    loadSlice: jest.fn(loadSlice),
    displayedWindow: () => ({ low: 0, high: 102, inverted: false }),
  };
  return { pictures: new SheetPictures(viewer, () => ({ review, series })), cached, viewer };
}
const { signal } = new AbortController();

it('frames the structure on all slices alike and outlines it there', async () => {
  const { pictures } = sheet();
  const picture = (await pictures.of(0, [1], signal))!;
  // 10 voxels of all masks and 15 % on each side: 13 x 13 from 3.5 on.
  expect(picture.side).toBe(13);
  expect(new Set(picture.gray)).toEqual(new Set([128]));
  const [[x, y]] = picture.shapes[0].contours;
  expect(x).toBeCloseTo((5 - 3.5) / 13);
  expect(y).toBeCloseTo((5 - 3.5) / 13);
});

it('loads an image that the viewer does not have yet', async () => {
  const { pictures, cached, viewer } = sheet(async () => {
    cached.set(1, new Uint8Array(400));
    return undefined as never;
  });
  expect((await pictures.of(1, [1], signal))!.gray).toContain(0);
  expect(viewer.loadSlice).toHaveBeenCalledTimes(1);
});

it('has no picture of an image that cannot be loaded, nor of one no longer wanted', async () => {
  const { pictures, viewer } = sheet();
  expect(await pictures.of(1, [1], signal)).toBeNull();
  const stopped = new AbortController();
  stopped.abort();
  expect(await pictures.of(1, [1], stopped.signal)).toBeNull();
  expect(viewer.loadSlice).toHaveBeenCalledTimes(1);
});
