import { contourMasks, contourPlacer, type Triple, type VolumeGeometry } from 'fewshot-sam';
import type { ContourOutline } from './contourOutlines';
import { digestLabels, type MaskDigest } from './maskDigest';
import { geometryOf } from './reslice';
import { placesOf, sourceOf, type Series } from './series';

/** Contours of one segment as voxels of the slices of a series. */
export interface FilledContours {
  /** Slice -> voxels; only slices with a voxel. */
  slices: ReadonlyMap<number, FilledSlice>;
  /** Which contours do not count, and why; null if all do. */
  note: string | null;
}

export interface FilledSlice {
  digest: MaskDigest;
  /** Positions of the voxels, row-major, ascending. */
  voxels: Uint32Array;
}

/**
 * Fills closed contours on the slices that they lie on: a voxel is inside if its center is, a contour inside
 * another one is a hole. Interpolated contours and those that are not parallel to the slices do not count.
 *
 * @param label name of the segment, for the note
 * @param frameOfReference UID in which the contours lie; undefined: each says it itself
 */
export function filledContours(
  outlines: readonly ContourOutline[],
  series: Series,
  label: string,
  frameOfReference?: string,
): FilledContours {
  const frame = String(sourceOf(series).instances[0].FrameOfReferenceUID ?? '');
  const isElsewhere = (outline: ContourOutline) => {
    const own = frameOfReference ?? outline.frameOfReference;
    return Boolean(own && frame && own !== frame);
  };
  const closed = outlines.filter(({ isClosed, points }) => isClosed && points.length >= 3);
  const drawn = closed.filter(({ isInterpolated }) => !isInterpolated);
  const here = drawn.filter(outline => !isElsewhere(outline));
  const geometry = gridOf(series);
  const place = contourPlacer(geometry);
  const places = here.map(({ points }) => place({ points: points.flat() }));
  const rule = outlines.some(({ isXor }) => isXor) ? 'xor' : 'nested';
  const { masks, oblique, outside } = contourMasks(places, rule, geometry);
  return {
    slices: new Map([...masks].map(([slice, mask]) => [slice, filledSlice(mask)])),
    note: noteOn(label, [
      [oblique, 'not parallel to the slices shown'],
      [closed.length - drawn.length, 'interpolated by the viewer'],
      [drawn.length - here.length, 'in another frame of reference'],
      [outside, 'beside or between the slices'],
      [outlines.length - closed.length, 'not closed'],
    ]),
  };
}

/** The slices of a series as a volume, each at its own position. */
function gridOf(series: Series): VolumeGeometry {
  return {
    ...geometryOf(series),
    sliceOrigins: placesOf(series.instances).map(({ position }) => Array.from(position) as Triple),
  };
}

function filledSlice(mask: Uint8Array): FilledSlice {
  const digest = digestLabels(mask).get(1)!;
  const voxels = new Uint32Array(digest.count);
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) voxels[count++] = i;
  return { digest, voxels };
}

/** "3 contours of Liver do not count: 2 are not closed, 1 is interpolated by the viewer." */
function noteOn(label: string, reasons: readonly (readonly [number, string])[]): string | null {
  const given = reasons.filter(([count]) => count > 0);
  const all = given.reduce((sum, [count]) => sum + count, 0);
  if (all === 0) return null;
  const is = (count: number) => (count === 1 ? 'is' : 'are');
  const subject = all === 1 ? `A contour of ${label} does` : `${all} contours of ${label} do`;
  const why =
    given.length === 1
      ? `${all === 1 ? 'it' : 'they'} ${is(all)} ${given[0][1]}`
      : given.map(([count, reason]) => `${count} ${is(count)} ${reason}`).join(', ');
  return `${subject} not count: ${why}.`;
}
