import { countOverlap, dice } from '../image/overlap';
import { mapInto } from '../numeric/mapInto';

/** Evidence of the outlines for a slice that has none. */
export interface OutlineEvidence {
  /** mm from the expected outline, positive inside. [crop.rows, crop.columns] */
  depth: Float32Array;
  /** mm by which that outline may be off, per pixel. */
  error: Float32Array;
}

/**
 * Error of an expected outline, mm: at least; per mm to the nearest labeled slice; per mm of difference
 * between the outlines on both sides; per mm by which the last outline was shrunk or moved.
 */
const LEAST_ERROR = 0.5;
const ERROR_PER_DISTANCE = 0.4;
const ERROR_PER_DISAGREEMENT = 2;
const ERROR_PER_CHANGE = 1;

/**
 * Interpolates the outline of a slice between two labeled ones: averages their signed distances by
 * position, after moving them along with the structure.
 *
 * @param below signed distances in mm from the outline below, positive inside
 * @param above the same of the outline above
 * @param position of the slice: 0 at the outline below, 1 at the one above
 * @param distanceMm to the nearer of both
 * @param shift rows and columns by which the structure moves from below to above, see `shiftBetween`
 * @param columns of the crop
 */
export function interpolatedOutline(
  below: Float32Array,
  above: Float32Array,
  position: number,
  distanceMm: number,
  [rows, cols]: readonly [number, number],
  columns: number,
): OutlineEvidence {
  const a = moved(below, columns, position * rows, position * cols);
  const b = moved(above, columns, (position - 1) * rows, (position - 1) * cols);
  const between = 2 * Math.min(position, 1 - position);
  const error = new Float32Array(a.length);
  const depth = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    depth[i] = (1 - position) * a[i] + position * b[i];
    error[i] =
      LEAST_ERROR +
      ERROR_PER_DISTANCE * distanceMm +
      ERROR_PER_DISAGREEMENT * Math.abs(a[i] - b[i]) * between;
  }
  return { depth, error };
}

/**
 * Extrapolates the outline of a slice beyond the outermost one: shrinks the outermost outline evenly from
 * its edge to the expected area, and moves it.
 *
 * @param distance signed distances in mm from the outermost outline, positive inside
 * @param area expected, in pixels, see `expectedArea`
 * @param distanceMm to the outermost outline
 * @param shift rows and columns by which the structure moves on
 * @param columns of the crop
 * @param pixelMm the larger pixel spacing, mm
 */
export function extrapolatedOutline(
  distance: Float32Array,
  area: number,
  distanceMm: number,
  [rows, cols]: readonly [number, number],
  columns: number,
  pixelMm: number,
): OutlineEvidence {
  const depths = distance.filter(value => value > 0).sort();
  const deepest = depths[depths.length - 1];
  // Where the structure is gone, every pixel lies outside.
  const shrinkage =
    area < 1 ? 1.5 * deepest : area >= depths.length ? 0 : depths[depths.length - 1 - area];
  const error =
    LEAST_ERROR +
    ERROR_PER_DISTANCE * distanceMm +
    ERROR_PER_CHANGE * (shrinkage + Math.hypot(rows, cols) * pixelMm);
  return {
    depth: moved(distance, columns, rows, cols).map(value => value - shrinkage),
    error: new Float32Array(distance.length).fill(error),
  };
}

/** An outlined slice, by its distance from the outermost one. */
export interface OutlinedArea {
  /** Slices from the outermost outline, 0 for that one. */
  apart: number;
  pixels: number;
}

/**
 * Extrapolates the area beyond the outermost outline: along the parabola through three outlines where it
 * bends down, else along the line through two. Never larger than the outermost outline. An outline right
 * beside the outermost one is ignored: they differ mostly in how they were drawn.
 *
 * @param outlines all, from the outermost inwards
 * @param steps slices beyond the outermost outline
 * @returns pixels, rounded, 0 or more
 */
export function expectedArea(outlines: readonly OutlinedArea[], steps: number): number {
  const [last] = outlines;
  const [second, third] = outlines.filter(({ apart }) => apart > 1);
  if (!second) return last.pixels;
  const slope = (second.pixels - last.pixels) / second.apart;
  let bend = 0;
  if (third) {
    const further = (third.pixels - second.pixels) / (third.apart - second.apart);
    bend = Math.min(0, (further - slope) / third.apart);
  }
  // Newton's form, evaluated on the far side of the outermost outline.
  const area = last.pixels - slope * steps + bend * steps * (steps + second.apart);
  return Math.round(Math.min(last.pixels, Math.max(0, area)));
}

/**
 * Measures how far a structure moves from one outline to another: from centroid to centroid if that makes
 * them overlap more, else not at all.
 *
 * @param below signed distances, positive inside
 * @param above the same
 * @returns rows and columns
 */
export function shiftBetween(
  below: Float32Array,
  above: Float32Array,
  columns: number,
): [rows: number, columns: number] {
  const [a, b] = [centroid(below, columns), centroid(above, columns)];
  const [rows, cols] = [b[0] - a[0], b[1] - a[1]];
  const isBetter = overlap(moved(below, columns, rows, cols), above) > overlap(below, above);
  return isBetter ? [rows, cols] : [0, 0];
}

function centroid(distance: Float32Array, columns: number): [number, number] {
  let [rows, cols, count] = [0, 0, 0];
  distance.forEach((value, i) => {
    if (value <= 0) return;
    rows += Math.floor(i / columns);
    cols += i % columns;
    count++;
  });
  return [rows / count, cols / count];
}

/** Dice of the insides. */
const overlap = (a: Float32Array, b: Float32Array) => dice(countOverlap(inside(a), inside(b)));

const inside = (distance: Float32Array) =>
  mapInto(distance, new Uint8Array(distance.length), value => (value > 0 ? 1 : 0));

/** Shifts values by fractions of a pixel, bilinear; repeats the values at the edges. */
function moved(values: Float32Array, columns: number, byRows: number, byColumns: number) {
  if (byRows === 0 && byColumns === 0) return values;
  const rows = values.length / columns;
  const result = new Float32Array(values.length);
  const clamp = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
  for (let row = 0; row < rows; row++) {
    const y = clamp(row - byRows, rows);
    const [top, bottom] = [Math.floor(y), Math.min(rows - 1, Math.floor(y) + 1)];
    for (let column = 0; column < columns; column++) {
      const x = clamp(column - byColumns, columns);
      const [left, right] = [Math.floor(x), Math.min(columns - 1, Math.floor(x) + 1)];
      const along = (r: number) =>
        values[r * columns + left] +
        (x - left) * (values[r * columns + right] - values[r * columns + left]);
      result[row * columns + column] = along(top) + (y - top) * (along(bottom) - along(top));
    }
  }
  return result;
}
