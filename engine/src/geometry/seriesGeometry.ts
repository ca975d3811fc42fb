import { FewshotError } from '../platform/errors';
import type { Triple } from './grid';
import {
  EVEN,
  MISSING,
  RIGHT_ANGLE,
  ROUNDED,
  SAME_ORIENTATION,
  SAME_PIXEL_SPACING,
  SAME_POSITION,
  SAME_STACK,
  STRAIGHT,
} from './tolerances';
import { cross, dot, length, moved, subtract, unit } from './vector';

/** Where one image of a series lies in the patient. */
export interface SlicePlace {
  /** Image Position (Patient): the center of the first pixel, mm. */
  position: ArrayLike<number>;
  /** Image Orientation (Patient): direction of a row, then of a column. */
  orientation: ArrayLike<number>;
  /** mm between rows, mm between columns. */
  pixelSpacing?: ArrayLike<number>;
}

/** A gap that looks as if slices are missing. */
export interface MissingSlices {
  /** Number of the slice below the gap, from 0 in ascending order. */
  after: number;
  /** mm along the normal. */
  gap: number;
  /** About how many slices would fill it. */
  count: number;
}

/** A stack whose slices are shifted sideways, as with a tilted CT gantry. */
export interface Tilt {
  /** Angle between the line through the slices and their normal. */
  degrees: number;
  /** mm sideways for each mm along the normal. */
  shear: number;
  /** mm sideways from the first slice to the last. */
  lean: number;
}

/**
 * How the parallel images of one series lie in the patient (DICOM PS3.3, C.7.6.2.1.1). Only positions and
 * orientations count: Slice Thickness and Spacing Between Slices are ignored.
 */
export interface SeriesGeometry {
  /** Positions in the given list, ascending along the normal. All other lists are in this order. */
  order: number[];
  /** Unit vectors of the first given image: along a row, along a column, and row x column. */
  row: Triple;
  column: Triple;
  normal: Triple;
  /** Centers of the first pixels, mm. */
  positions: Triple[];
  /** mm along the normal, from the first slice: the first is 0. */
  heights: number[];
  /** mm along the normal between neighbors; one less than there are slices. */
  gaps: number[];
  /**
   * mm along the normal between neighbors: the mean of an even series, else the median. 0 for a single
   * slice.
   */
  sliceSpacing: number;
  /** Mean vector from a slice to the next, mm, including any sideways shift. */
  step: Triple;
  /** Whether all slices are the same distance apart; see `EVEN`. */
  isEven: boolean;
  /** Largest distance in mm, along the normal, of a slice from its position in an even series. */
  unevenness: number;
  missing: MissingSlices[];
  /** Null where the slices are stacked along their normal. */
  tilt: Tilt | null;
  /**
   * Whether the first pixels of all slices lie on one straight line; false where slices are shifted back
   * and forth.
   */
  isStraight: boolean;
  /** Whether orientations differ by no more than rounding. */
  isParallel: boolean;
  /** Whether one affine map places all voxels; with a tilt, it has a shear. */
  isRegular: boolean;
}

/**
 * Sorts the images of one series along their normal and measures how they are stacked.
 *
 * @param nameOf returns the name of an image in messages, given its number in the list
 * @throws FewshotError `bad-geometry` when an image has no usable position or orientation, when images
 *   are not parallel, or when two lie at one position
 */
export function seriesGeometry(
  places: readonly SlicePlace[],
  nameOf: (image: number) => string = image => `Image ${image + 1}`,
): SeriesGeometry {
  const { row, column, normal, isParallel } = commonOrientation(places, nameOf);
  const given = places.map(({ position }) => dot(subtract(position, places[0].position), normal));
  const order = given.map((_, i) => i).sort((a, b) => given[a] - given[b]);
  const positions = order.map((image): Triple => {
    const [x, y, z] = Array.from(places[image].position);
    return [x, y, z];
  });
  const heights = positions.map(position => dot(subtract(position, positions[0]), normal));
  const gaps = heights.slice(1).map((height, i) => height - heights[i]);
  const usual = usualGap(gaps);
  const duplicate = gaps.findIndex(gap => gap <= SAME_POSITION * usual);
  if (duplicate >= 0) {
    throw new FewshotError(
      'bad-geometry',
      `Two images of the series lie at one position: ${nameOf(order[duplicate])} and ${nameOf(order[duplicate + 1])}.`,
      'Give one phase, echo or time point of the series, each position once.',
    );
  }
  const last = positions.length - 1;
  const step = subtract(positions[last], positions[0]).map(
    value => value / Math.max(last, 1),
  ) as Triple;
  const mean = last > 0 ? heights[last] / last : 0;
  const rounding = roundingOf(positions);
  const tolerance = (exact: number, spacing: number, rounded: number) =>
    Math.max(exact * spacing, Math.min(rounded, ROUNDED * spacing));

  const unevenness = heights.reduce(
    (most, height, i) => Math.max(most, Math.abs(height - i * mean)),
    0,
  );
  const alongNormal = normal.reduce((sum, n, axis) => sum + Math.abs(n) * rounding[axis], 0);
  const isEven = unevenness <= tolerance(EVEN, mean, alongNormal) * (1 + 1e-6);

  const pixel = Math.min(...(places[0].pixelSpacing ? Array.from(places[0].pixelSpacing) : [mean]));
  const slant = moved(step, normal, -mean);
  const lean = length(slant) * last;
  const isTilted = lean > STRAIGHT * pixel + length(rounding);
  const perMm = mean > 0 ? slant.map(value => value / mean) : [0, 0, 0];
  const aside = positions.reduce((most, position, i) => {
    const from = subtract(position, positions[0]);
    const sideways = moved(from, normal, -heights[i]);
    return Math.max(most, length(moved(sideways, perMm, -heights[i])));
  }, 0);
  const isStraight = aside <= STRAIGHT * pixel + length(rounding);
  const shear = length(perMm);
  return {
    order,
    row,
    column,
    normal,
    positions,
    heights,
    gaps,
    sliceSpacing: isEven ? mean : usual,
    step,
    isEven,
    unevenness,
    missing: gaps.flatMap((gap, after) =>
      !isEven && gap >= MISSING * usual ? [{ after, gap, count: Math.round(gap / usual) - 1 }] : [],
    ),
    tilt: isTilted ? { degrees: (Math.atan(shear) * 180) / Math.PI, shear, lean } : null,
    isStraight,
    isParallel,
    isRegular: isEven && isStraight && isParallel,
  };
}

/** Whether two Pixel Spacings differ by no more than rounding. */
export function isSamePixelSpacing(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return [0, 1].every(i => Math.abs(a[i] / b[i] - 1) <= SAME_PIXEL_SPACING);
}

/** Whether the Image Orientation (Patient) of two images allows them to be in one stack. */
export function isSameStack(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return deviation(a, b) <= SAME_STACK;
}

function deviation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));
}

function commonOrientation(
  places: readonly SlicePlace[],
  nameOf: (image: number) => string,
): Pick<SeriesGeometry, 'row' | 'column' | 'normal' | 'isParallel'> {
  places.forEach(({ position, orientation }, image) => {
    for (const [name, values, count] of [
      ['Image Position (Patient)', position, 3],
      ['Image Orientation (Patient)', orientation, 6],
    ] as const) {
      if (values.length === count && Array.from(values).every(Number.isFinite)) continue;
      throw new FewshotError(
        'bad-geometry',
        `${nameOf(image)} has no usable ${name}.`,
        'Give a cross-sectional series (CT, MR, PET), as it was acquired.',
      );
    }
  });
  const first = Array.from(places[0].orientation);
  const [along, down] = [first.slice(0, 3), first.slice(3)];
  const [row, column] = [unit(along), unit(down)];
  const isUnit = [along, down].every(axis => Math.abs(length(axis) - 1) <= SAME_STACK);
  if (!isUnit || !(Math.abs(dot(row, column)) <= RIGHT_ANGLE)) {
    throw new FewshotError(
      'bad-geometry',
      `${nameOf(0)} has an Image Orientation (Patient) that is not two unit vectors at right angles (${first.join(', ')}).`,
      'Correct the orientation, or export the series again.',
    );
  }
  const most = places.map(({ orientation }) => deviation(orientation, first));
  const turned = most.findIndex(value => value > SAME_STACK);
  if (turned >= 0) {
    throw new FewshotError(
      'bad-geometry',
      `The images of the series differ in orientation (${nameOf(turned)} is not parallel to ${nameOf(0)}), as with a localizer or several stacks.`,
      'Give the images of one stack, all parallel.',
    );
  }
  return {
    row,
    column,
    normal: unit(cross(row, column)),
    isParallel: most.every(value => value <= SAME_ORIENTATION),
  };
}

/** Returns the (lower) median gap, mm, ignoring gaps between two images at one position. */
function usualGap(gaps: readonly number[]): number {
  const most = Math.max(0, ...gaps);
  const real = gaps.filter(gap => gap > 1e-3 * most).sort((a, b) => a - b);
  return real.length > 0 ? real[(real.length - 1) >> 1] : 0;
}

/**
 * Returns the rounding error of the positions per axis, mm: one unit of the last decimal, 0 along an axis
 * on which all positions are equal.
 */
function roundingOf(positions: readonly Triple[]): Triple {
  return [0, 1, 2].map(axis => {
    const values = positions.map(position => position[axis]);
    if (values.every(value => value === values[0])) return 0;
    for (let decimals = 0; decimals < 6; decimals++) {
      const scale = 10 ** decimals;
      if (values.every(value => Math.abs(value * scale - Math.round(value * scale)) < 1e-6)) {
        return 1 / scale;
      }
    }
    return 0;
  }) as Triple;
}
