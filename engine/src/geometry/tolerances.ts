/**
 * The tolerances of series geometry: the reader, the viewer's planes and DICOM SEG all use these, so
 * that a series is regular for all of them or for none. All are relative to the series itself, from
 * micro-CT to PET; nothing here is in mm.
 */

/** Direction cosines of the images of one stack differ by no more than this (half a degree). */
export const SAME_STACK = 0.01;

/** Direction cosines that differ by no more than this are the same but for rounding. */
export const SAME_ORIENTATION = 0.001;

/** Rows and columns are at right angles: the most that the cosine between them may be. */
export const RIGHT_ANGLE = 0.01;

/** Pixel spacings of one series differ by no more than this share. */
export const SAME_PIXEL_SPACING = 0.001;

/** Slices nearer to each other than this share of the usual distance lie at one position. */
export const SAME_POSITION = 0.05;

/**
 * How far a slice of an evenly spaced series may be from its place on the straight line from the first
 * slice to the last, as a share of the slice spacing. Measured along the whole series, not from slice
 * to slice, so small differences cannot add up.
 */
export const EVEN = 0.05;

/** The most that rounded positions may add to `EVEN`; with one of five slices missing it is 0.25. */
export const ROUNDED = 0.2;

/** A gap of this many slice spacings or more looks as if slices are missing. */
export const MISSING = 1.5;

/**
 * A stack is straight when, from its first slice to its last, it is shifted sideways by no more than
 * this share of a pixel (of a slice spacing where pixels are unknown).
 */
export const STRAIGHT = 0.5;
