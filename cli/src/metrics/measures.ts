import { iou, sumOverlaps, type Overlap } from 'fewshot-sam';

/** Measures of one slice that shows the structure. */
export interface ShownSlice {
  index: number;
  /** 0..1 */
  iou: number;
  /** Between the outlines within the slice, mm; null when nothing was found there. */
  assdMm: number | null;
}

/** Measures of a segmented study against the truth. */
export interface MeasuredStudy {
  /** Overlap of every test slice, including those without the structure. */
  perSlice: readonly Overlap[];
  shown: readonly ShownSlice[];
}

/** Measures of one or more patients. */
export interface Measures {
  /**
   * The paper's measure: mean IoU of the slices that show the structure, 0..1. Ignores empty slices,
   * whatever was found on them. Null when no slice shows the structure.
   */
  slice_iou: number | null;
  /** Standard deviation over those slices (divided by their number). */
  slice_iou_sd: number | null;
  /** Mean ASSD of those slices on which something was found, mm; null when there are none. */
  slice_assd_mm: number | null;
  slice_assd_sd_mm: number | null;
  /**
   * The user's measure: IoU of all test slices of a patient together, including empty ones, 0..1; the mean
   * over patients.
   */
  volume_iou: number;
  /** Slices that show the structure, and on how many of them nothing was found. */
  slices_with_structure: number;
  slices_missed: number;
}

/** Computes the measures: pools the slices of several patients, averages their volumes. */
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
