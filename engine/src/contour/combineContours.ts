import { fillPolygon, type FilledPolygon } from './fillPolygon';
import type { Polygon } from './polygon';

/**
 * How the contours of one plane combine. `nested`: a contour inside another is a hole, one inside a hole is
 * a piece again, and contours that cross are united. `xor`: a pixel is inside if an odd number of contours
 * encloses it (DICOM's CLOSEDPLANAR_XOR).
 */
export type HoleRule = 'nested' | 'xor';

export interface CombinedContours {
  /** Row-major, `rows * columns`, 1 inside. */
  mask: Uint8Array;
  /** Contours inside others, which became holes. */
  holes: number;
  /** Contours that cross another one, and were united with it. */
  crossing: number;
  /** Contours that repeat another one, and were ignored. */
  repeated: number;
  /** Contours without a pixel center inside the slice. */
  empty: number;
}

/** Share of a contour's pixels that may lie across the border of another one that it lies inside of. */
const STRAY = 0.02;

/**
 * Fills the contours of one plane of a slice.
 *
 * @param contours in pixels of the slice
 */
export function combineContours(
  contours: readonly Polygon[],
  rule: HoleRule,
  columns: number,
  rows: number,
): CombinedContours {
  const combined: CombinedContours = {
    mask: new Uint8Array(columns * rows),
    holes: 0,
    crossing: 0,
    repeated: 0,
    empty: 0,
  };
  const filled = contours
    .map(contour => fillPolygon(contour, columns, rows))
    .sort((a, b) => b.count - a.count);
  /** Pixels inside any contour so far. */
  const covered = new Uint8Array(columns * rows);
  for (const [i, contour] of filled.entries()) {
    if (contour.count === 0) {
      combined.empty++;
      continue;
    }
    if (rule === 'nested' && filled.slice(0, i).some(other => isSame(other, contour))) {
      combined.repeated++;
      continue;
    }
    let shared = 0;
    forEachInside(contour, columns, pixel => (shared += covered[pixel]));
    const isInside = contour.count - shared <= STRAY * contour.count;
    const isApart = shared <= STRAY * contour.count;
    const toggles = rule === 'xor' || isInside;
    if (isInside) combined.holes++;
    else if (!isApart) combined.crossing++;
    forEachInside(contour, columns, pixel => {
      combined.mask[pixel] = toggles ? 1 - combined.mask[pixel] : 1;
      covered[pixel] = 1;
    });
  }
  return combined;
}

function forEachInside(
  { column, row, columns, inside }: FilledPolygon,
  sliceColumns: number,
  visit: (pixel: number) => void,
): void {
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i]) continue;
    const across = i % columns;
    visit((row + (i - across) / columns) * sliceColumns + column + across);
  }
}

function isSame(a: FilledPolygon, b: FilledPolygon): boolean {
  return (
    a.count === b.count &&
    a.column === b.column &&
    a.row === b.row &&
    a.columns === b.columns &&
    a.inside.every((value, i) => value === b.inside[i])
  );
}
