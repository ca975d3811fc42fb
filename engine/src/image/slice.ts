/** Pixel values, in 16 bits where they are whole numbers, as most are, to halve the memory. */
export type Pixels = Float32Array | Int16Array | Uint16Array;

/** One 2D image of a series, in the order and units the modality defines. */
export interface Slice {
  /** Row-major, `rows * columns` values in modality units (HU for CT). */
  pixels: Pixels;
  /** Red, green and blue of a color image, each like `pixels`, which then hold the brightness. */
  color?: readonly [Pixels, Pixels, Pixels];
  rows: number;
  columns: number;
  /** Distance in mm between the centers of neighboring rows (DICOM PixelSpacing[0]). */
  rowSpacing: number;
  /** Distance in mm between the centers of neighboring columns (DICOM PixelSpacing[1]). */
  columnSpacing: number;
  /** Position along the axis, 0-based, in spatial order. */
  index: number;
  /**
   * Identifies the image in the embedding cache, e.g. SOP Instance UID and frame. Only its hash is stored.
   */
  identity: string;
}

/** Changes red, green and blue alike. */
export function inColors<To extends Pixels>(
  [red, green, blue]: NonNullable<Slice['color']>,
  change: (pixels: Pixels) => To,
): [To, To, To] {
  return [change(red), change(green), change(blue)];
}

/** A binary mask on a slice's grid: row-major, `rows * columns`, 1 inside the structure, else 0. */
export type Mask = Uint8Array;

/** A rectangle on the slice's grid, in whole pixels. */
export interface CropRectangle {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

/**
 * How intensities map to the encoder's 0..255 range. `clip`: modality units, e.g. HU. `percentile`: 0..100,
 * of all pixels of the given slices.
 */
export type IntensityWindow =
  { kind: 'clip'; low: number; high: number } | { kind: 'percentile'; low: number; high: number };

/** The paper's windows (section 4.1 of Xie et al.). */
export const CT_SOFT_TISSUE: IntensityWindow = { kind: 'clip', low: -160, high: 240 };
export const CT_BONE: IntensityWindow = { kind: 'clip', low: -500, high: 1300 };
export const MR_PERCENTILES: IntensityWindow = { kind: 'percentile', low: 0.5, high: 99.5 };
