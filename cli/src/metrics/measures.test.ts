import { measures, type MeasuredStudy } from './measures';

/** Three slices: one found exactly, one missed, and an empty one on which something was found. */
const first: MeasuredStudy = {
  perSlice: [
    { truth: 10, predicted: 10, intersection: 10 },
    { truth: 10, predicted: 0, intersection: 0 },
    { truth: 0, predicted: 20, intersection: 0 },
  ],
  shown: [
    { index: 0, iou: 1, assdMm: 0 },
    { index: 1, iou: 0, assdMm: null },
  ],
};
const second: MeasuredStudy = {
  perSlice: [{ truth: 4, predicted: 2, intersection: 2 }],
  shown: [{ index: 3, iou: 0.5, assdMm: 1.5 }],
};

it('measures the slices that show the structure, and the volume as a whole', () => {
  expect(measures([first])).toEqual({
    slice_iou: 0.5,
    slice_iou_sd: 0.5,
    slice_assd_mm: 0,
    slice_assd_sd_mm: 0,
    // What was found on the empty slice counts here, and only here.
    volume_iou: 0.25,
    slices_with_structure: 2,
    slices_missed: 1,
  });
});

it('pools the slices of several patients, and averages their volumes', () => {
  const together = measures([first, second]);
  expect(together).toMatchObject({ slice_iou: 0.5, slice_assd_mm: 0.75, volume_iou: 0.375 });
  expect(together.slice_iou_sd).toBeCloseTo(Math.sqrt(0.5 / 3), 12);
});

it('knows no slice IoU where no slice shows the structure', () => {
  const nowhere = { perSlice: [{ truth: 0, predicted: 0, intersection: 0 }], shown: [] };
  expect(measures([nowhere])).toMatchObject({
    slice_iou: null,
    slice_assd_mm: null,
    volume_iou: 1,
  });
});
