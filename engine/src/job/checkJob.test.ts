import { FewshotError } from '../platform/errors';
import { CT_SOFT_TISSUE, type Slice } from '../image/slice';
import { checkJob, checkLabeled, outlined } from './checkJob';
import type { FewshotJob } from './job';

/** Slices of 4 columns and 3 rows. */
function slice(index: number, change: Partial<Slice> = {}): Slice {
  return {
    pixels: new Float32Array(12),
    rows: 3,
    columns: 4,
    rowSpacing: 0.8,
    columnSpacing: 0.8,
    index,
    identity: `slice ${index}`,
    ...change,
  };
}

/** A mask of one pixel. */
const drawn = () => Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);

/** Slices 10 to 14, labeled on 10 and 14. */
function job(change: Partial<FewshotJob> = {}): FewshotJob {
  return {
    slices: [10, 11, 12, 13, 14].map(index => slice(index)),
    labels: new Map([10, 14].map(index => [index, drawn()])),
    targets: [11, 12, 13],
    window: CT_SOFT_TISSUE,
    ...change,
  };
}

/** The job with slice 12 changed. */
const withSlice12 = (change: Partial<Slice>) =>
  job({ slices: job().slices.map(old => (old.index === 12 ? slice(12, change) : old)) });

describe('checkJob', () => {
  it('returns the slices to segment', () => {
    expect(checkJob(job()).map(({ index }) => index)).toEqual([11, 12, 13]);
  });

  it('skips outlined slices and keeps the requested order', () => {
    const wanted = checkJob(job({ targets: [14, 13, 10, 11] }));
    expect(wanted.map(({ index }) => index)).toEqual([13, 11]);
  });

  it('treats an empty mask as a slice without the structure', () => {
    const labels = job().labels.set(12, new Uint8Array(12));
    expect(checkJob(job({ labels })).map(({ index }) => index)).toEqual([11, 13]);
    expect(outlined(labels)).toEqual([10, 14]);
  });

  it('counts the outlines of several studies together', () => {
    const { slices, labels } = job();
    labels.delete(14);
    expect(() => checkLabeled([{ slices, labels }])).toThrow('Only one slice is outlined.');
    expect(() =>
      checkLabeled([
        { slices, labels },
        { slices, labels },
      ]),
    ).not.toThrow();
  });

  it('accepts a single outline that is added to known ones', () => {
    const { slices, labels } = job();
    labels.delete(14);
    expect(() => checkLabeled([{ slices, labels }], 1)).not.toThrow();
    labels.delete(10);
    expect(() => checkLabeled([{ slices, labels }], 5)).toThrow('No slice is outlined.');
  });

  // Messages count slices from 1.
  it.each<[string, FewshotJob, string, string]>([
    [
      'no outline',
      job({ labels: new Map() }),
      'No slice is outlined.',
      'Outline the structure on at least 2 slices.',
    ],
    [
      'a single outline',
      job({ labels: new Map([[10, drawn()]]) }),
      'Only one slice is outlined.',
      'Outline the structure on at least 2 slices.',
    ],
    [
      'slices of two sizes',
      withSlice12({ rows: 6, columns: 2 }),
      'The slices differ: slice 13 has 2 x 6 pixels, slice 11 has 4 x 3 pixels.',
      'Choose a series whose slices all have one size and spacing.',
    ],
    [
      'slices of two spacings',
      withSlice12({ columnSpacing: 0.7 }),
      'The slices differ: slice 13 has 0.7 x 0.8 mm, slice 11 has 0.8 x 0.8 mm.',
      'Choose a series whose slices all have one size and spacing.',
    ],
    [
      'color',
      withSlice12({ pixels: new Float32Array(36) }),
      'Slice 13 has 36 values for 4 x 3 pixels; one value per pixel is needed.',
      'Choose a grayscale series.',
    ],
    [
      'a single outline beside a slice without the structure',
      job({
        labels: new Map([
          [10, drawn()],
          [14, new Uint8Array(12)],
        ]),
      }),
      'Only one slice is outlined.',
      'Outline the structure on at least 2 slices.',
    ],
    [
      'an outline of another series',
      job({
        labels: new Map([
          [10, drawn()],
          [14, new Uint8Array(20).fill(1)],
        ]),
      }),
      'The outline on slice 15 has 20 pixels, the slice 12.',
      'Outline the structure on this series itself.',
    ],
    [
      'an outline without its slice',
      job({
        labels: new Map([
          [10, drawn()],
          [20, drawn()],
        ]),
      }),
      'Slice 21 is not among the slices given.',
      'Pass every labeled slice and every slice to segment.',
    ],
    [
      'a wanted slice that is missing',
      job({ targets: [11, 15] }),
      'Slice 16 is not among the slices given.',
      'Pass every labeled slice and every slice to segment.',
    ],
    [
      'nothing left to segment',
      job({ targets: [10, 14] }),
      'There is no slice left to segment: every slice of the range is outlined.',
      'Choose a larger slice range.',
    ],
  ])('refuses %s', (_, bad, message, remedy) => {
    let thrown: unknown;
    try {
      checkJob(bad);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FewshotError);
    expect(thrown).toMatchObject({ code: 'bad-input', message, remedy });
  });
});
