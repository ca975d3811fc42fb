import { cross, dot, moved, subtract, unit } from '../geometry/vector';
import type { Triple } from '../geometry/grid';
import { MISSING } from '../geometry/tolerances';
import { type VolumeGeometry, worldPosition } from '../geometry/volume';
import { combineContours, type HoleRule } from './combineContours';
import type { Point, Polygon } from './polygon';

/** A closed planar contour in the patient. */
export interface PatientContour {
  /** x, y, z of each point in turn, mm, in DICOM's patient coordinates. */
  points: ArrayLike<number>;
}

/** Where a contour lies among the slices of a volume. */
export type ContourPlace =
  /** `offset`: from its slice along the normal, in slice distances. */
  | { kind: 'slice'; slice: number; offset: number; polygon: Polygon }
  /** Its points lie on planes of several slices: it is not parallel to them. */
  | { kind: 'oblique' }
  /** Before the first slice or after the last one, or in a gap between slices. */
  | { kind: 'outside' };

/** Farthest that the points of a contour lie apart across the slices, in slice distances. */
const PLANAR = 0.25;
/** Planes of two contours closer than this, in slice distances, are one. */
const SAME_PLANE = 0.02;
/** A contour this far from its slice, in slice distances, counts as moved. */
const MOVED = 0.05;

/**
 * Finds the slice nearest to a contour, within half the distance to the next slice, and the contour in its
 * pixels.
 */
export function contourPlacer(geometry: VolumeGeometry): (contour: PatientContour) => ContourPlace {
  const { size, spacing, direction } = geometry;
  const [right, down] = [0, 1].map(
    axis => [0, 3, 6].map(row => direction[row + axis]) as unknown as Triple,
  );
  const normal = unit(cross(right, down));
  const origins = Array.from({ length: size[2] }, (_, k) => worldPosition(geometry, [0, 0, k]));
  const heights = origins.map(origin => dot(subtract(origin, origins[0]), normal));
  const distances = heights.slice(1).map((height, k) => Math.abs(height - heights[k]));
  const usual = distances.sort((a, b) => a - b)[(distances.length - 1) >> 1] ?? spacing[2];
  /** Half the distance to the neighbors; outside the stack as far as inside. */
  const reach = heights.map((height, k) => {
    const gaps = [heights[k - 1], heights[k + 1]]
      .filter(other => other !== undefined)
      .map(other => Math.abs(other - height));
    // A slice beside a gap where slices are missing reaches no farther than usual.
    return Math.max(usual, ...gaps.map(gap => Math.min(gap, MISSING * usual))) / 2;
  });
  // Rows and columns may be off right angles by rounding.
  const skew = dot(right, down);
  const determinant = 1 - skew * skew;
  const inPixels = (point: Triple, origin: Triple): Point => {
    const from = subtract(point, origin);
    const [along, across] = [dot(from, right), dot(from, down)];
    return [
      (along - skew * across) / determinant / spacing[0],
      (across - skew * along) / determinant / spacing[1],
    ];
  };
  return ({ points }) => {
    const corners = Array.from({ length: points.length / 3 }, (_, i): Triple => [
      points[3 * i],
      points[3 * i + 1],
      points[3 * i + 2],
    ]);
    const at = corners.map(corner => dot(subtract(corner, origins[0]), normal));
    const [lowest, highest] = [Math.min(...at), Math.max(...at)];
    if (highest - lowest > PLANAR * usual) return { kind: 'oblique' };
    const height = at.reduce((sum, value) => sum + value, 0) / at.length;
    let slice = 0;
    heights.forEach((other, k) => {
      if (Math.abs(other - height) < Math.abs(heights[slice] - height)) slice = k;
    });
    const distance = Math.abs(heights[slice] - height);
    if (distance > reach[slice] * (1 + 1e-3)) return { kind: 'outside' };
    const onSlice = corners.map((corner, i) => moved(corner, normal, heights[slice] - at[i]));
    return {
      kind: 'slice',
      slice,
      offset: (height - heights[slice]) / usual,
      polygon: onSlice.map(corner => inPixels(corner, origins[slice])),
    };
  };
}

/** Masks of a structure's contours, and what is to be said about them. */
export interface ContourMasks {
  /** Slice -> mask, row-major, 1 inside; only slices with a voxel. */
  masks: Map<number, Uint8Array>;
  /** Sentences for the user. */
  remarks: string[];
  /** Contours that lie on a slice. */
  used: number;
  /** Contours that are not parallel to the slices. */
  oblique: number;
  /** Contours that lie on no slice. */
  outside: number;
}

/**
 * Fills the contours of one structure on the slices of a volume. Voxel centers decide. Contours between
 * slices count for the nearest slice; where those of several planes are nearest to one slice, the nearest
 * plane counts.
 *
 * @param places where the contours lie, see `contourPlacer`
 */
export function contourMasks(
  places: readonly ContourPlace[],
  rule: HoleRule,
  { size }: VolumeGeometry,
): ContourMasks {
  const [columns, rows] = size;
  const slices = new Map<number, (ContourPlace & { kind: 'slice' })[]>();
  for (const place of places) {
    if (place.kind !== 'slice') continue;
    slices.set(place.slice, [...(slices.get(place.slice) ?? []), place]);
  }
  const masks = new Map<number, Uint8Array>();
  const counts = { holes: 0, crossing: 0, repeated: 0, empty: 0, moved: 0, farther: 0, cut: 0 };
  for (const [slice, onSlice] of [...slices].sort(([a], [b]) => a - b)) {
    const nearest = onSlice.reduce((a, b) => (Math.abs(b.offset) < Math.abs(a.offset) ? b : a));
    const plane = onSlice.filter(({ offset }) => Math.abs(offset - nearest.offset) < SAME_PLANE);
    counts.farther += onSlice.length - plane.length;
    if (Math.abs(nearest.offset) > MOVED) counts.moved += plane.length;
    counts.cut += plane.filter(({ polygon }) => reachesBeyond(polygon, columns, rows)).length;
    const combined = combineContours(
      plane.map(({ polygon }) => polygon),
      rule,
      columns,
      rows,
    );
    counts.holes += combined.holes;
    counts.crossing += combined.crossing;
    counts.repeated += combined.repeated;
    counts.empty += combined.empty;
    if (combined.mask.includes(1)) masks.set(slice, combined.mask);
  }
  const count = (kind: ContourPlace['kind']) => places.filter(place => place.kind === kind).length;
  const [used, oblique, outside] = [count('slice'), count('oblique'), count('outside')];
  return {
    masks,
    remarks: remarksOf({ ...counts, oblique, outside }, rule, gapsOf(masks)),
    used,
    oblique,
    outside,
  };
}

function reachesBeyond(polygon: Polygon, columns: number, rows: number): boolean {
  // A contour around the outermost pixels reaches half a pixel beyond their centers.
  return polygon.some(([x, y]) => x < -1 || y < -1 || x > columns || y > rows);
}

/** Number of slices without a contour between slices that have one. */
function gapsOf(masks: ReadonlyMap<number, unknown>): number {
  const slices = [...masks.keys()].sort((a, b) => a - b);
  return slices.length === 0 ? 0 : slices.at(-1)! - slices[0] + 1 - slices.length;
}

function remarksOf(
  counts: Record<
    | 'holes'
    | 'crossing'
    | 'repeated'
    | 'empty'
    | 'moved'
    | 'farther'
    | 'cut'
    | 'oblique'
    | 'outside',
    number
  >,
  rule: HoleRule,
  gaps: number,
): string[] {
  const contours = (count: number) => (count === 1 ? '1 contour' : `${count} contours`);
  const is = (count: number) => (count === 1 ? 'is' : 'are');
  const was = (count: number) => (count === 1 ? 'was' : 'were');
  const { holes, crossing, repeated, empty, moved, farther, cut, oblique, outside } = counts;
  return [
    holes > 0 &&
      (rule === 'xor'
        ? `${contours(holes)} inside others ${was(holes)} combined by XOR, as the file says (CLOSEDPLANAR_XOR).`
        : `${contours(holes)} inside others ${was(holes)} read as holes; programs that unite all contours fill them.`),
    crossing > 0 &&
      (rule === 'xor'
        ? `${contours(crossing)} that cross others ${was(crossing)} combined by XOR, as the file says (CLOSEDPLANAR_XOR).`
        : `${contours(crossing)} that cross others on the same slice ${was(crossing)} united with them; programs that use XOR cut out what they share.`),
    repeated > 0 &&
      `${contours(repeated)} ${is(repeated)} there twice and ${was(repeated)} read once.`,
    moved > 0 &&
      `${contours(moved)} between slices ${was(moved)} placed on the nearest slice, at most half a slice distance away.`,
    farther > 0 &&
      `${contours(farther)} ${was(farther)} ignored, because a nearer one lies on the same slice: the contours are closer together than the slices.`,
    empty > 0 &&
      `${contours(empty)} ${is(empty)} too small, or too far aside, to hold the center of a voxel.`,
    cut > 0 &&
      `${contours(cut)} ${cut === 1 ? 'reaches' : 'reach'} beyond the image and ${was(cut)} cut off.`,
    oblique > 0 &&
      `${contours(oblique)} ${is(oblique)} not parallel to the slices and ${was(oblique)} ignored.`,
    outside > 0 &&
      `${contours(outside)} ${outside === 1 ? 'lies' : 'lie'} on no slice of the image and ${was(outside)} ignored.`,
    gaps > 0 &&
      `${gaps === 1 ? '1 slice' : `${gaps} slices`} between its first and its last contour ${gaps === 1 ? 'has' : 'have'} none; the structure counts as absent there.`,
  ].filter(text => text !== false);
}
