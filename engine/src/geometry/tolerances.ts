/**
 * The tolerances of series geometry: the reader, the viewer's planes and DICOM SEG all use these, so
 * that a series is regular for all of them or for none. All are relative to the series itself, from
 * micro-CT to PET; nothing here is in mm.
 */

/** Direction cosines of the images of one stack differ by no more than this (half a degree). */
export const SAME_STACK = 0.01;

/** Direction cosines that differ by no more than this differ only by rounding. */
export const SAME_ORIENTATION = 0.001;

/** Largest cosine between rows and columns that still counts as a right angle. */
export const RIGHT_ANGLE = 0.01;

/** Pixel spacings of one series differ by no more than this fraction. */
export const SAME_PIXEL_SPACING = 0.001;

/** Slices closer together than this fraction of the usual distance share one position. */
export const SAME_POSITION = 0.05;

/**
 * Largest distance of a slice from its position on the straight line from the first slice to the last, as a
 * fraction of the slice spacing, in a series that counts as evenly spaced. Measured along the whole series,
 * not from slice to slice, so small differences cannot add up.
 */
export const EVEN = 0.05;

/** Most that rounded positions may add to `EVEN`. One missing slice of five is a deviation of 0.25. */
export const ROUNDED = 0.2;

/** A gap of this many slice spacings or more looks as if slices are missing. */
export const MISSING = 1.5;

/**
 * A stack is straight when, from its first slice to its last, it is shifted sideways by no more than
 * this share of a pixel (of a slice spacing where pixels are unknown).
 */
export const STRAIGHT = 0.5;
