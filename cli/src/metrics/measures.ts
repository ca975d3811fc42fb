import { iou, sumOverlaps, type Overlap } from 'fewshot-sam';

/** A slice that shows the structure, by itself. */
export interface ShownSlice {
  index: number;
  /** 0..1 */
  iou: number;
  /** Between the outlines within the slice, mm; null when nothing was found there. */
  assdMm: number | null;
}

/** A study that was segmented and compared with the truth. */
export interface MeasuredStudy {
  /** Of every test slice, those without the structure too. */
  perSlice: readonly Overlap[];
  shown: readonly ShownSlice[];
}

/** Of one patient, or of several together. */
export interface Measures {
  /**
   * As the paper measures: mean of the IoU of each slice that shows the structure, 0..1. Empty slices do not
   * count, whatever was found on them. Null when no slice shows the structure.
   */
  slice_iou: number | null;
  /** Standard deviation over those slices (divided by their number). */
  slice_iou_sd: number | null;
  /** Mean ASSD within those of the slices on which something was found, mm; null when there is none. */
  slice_assd_mm: number | null;
  slice_assd_sd_mm: number | null;
  /**
   * As a user meets it: IoU of all test slices of a patient together, empty ones included, 0..1; of several
   * patients the mean.
   */
  volume_iou: number;
  /** Slices that show the structure, and on how many of them nothing was found. */
  slices_with_structure: number;
  slices_missed: number;
}

/** Slices of several patients are pooled, volumes are averaged. */
export function measures(studies: readonly MeasuredStudy[]): Measures {
  const shown = studies.flatMap(study => study.shown);
  const ious = meanAndDeviation(shown.map(slice => slice.iou));
  const assd = meanAndDeviation(shown.flatMap(({ assdMm }) => assdMm ?? []));
  const volumes = studies.map(({ perSlice }) => iou(sumOverlaps(perSlice)));
  return {
    slice_iou: ious?.mean ?? null,
    slice_iou_sd: ious?.deviation ?? null,
    slice_assd_mm: assd?.mean ?? null,
    slice_assd_sd_mm: assd?.deviation ?? null,
    volume_iou: volumes.reduce((sum, value) => sum + value, 0) / volumes.length,
    slices_with_structure: shown.length,
    slices_missed: shown.filter(({ assdMm }) => assdMm === null).length,
  };
}

function meanAndDeviation(values: readonly number[]) {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
