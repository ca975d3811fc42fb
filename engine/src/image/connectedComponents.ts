import { FewshotError } from '../platform/errors';
import type { Triple } from '../geometry/grid';
import { DisjointSets } from './disjointSets';

/** One connected part of a mask. */
export interface Component {
  /** Its value in `labels`; the first component in memory is 1. */
  label: number;
  /** How many voxels it has. */
  voxels: number;
  /** First and last voxel along each axis, both inside. */
  low: Triple;
  high: Triple;
}

export interface ConnectedComponents {
  /** 0 outside the mask, else the label of the component. */
  labels: Int32Array;
  /** Ascending by label. */
  components: Component[];
}

/**
 * Labels the parts of a mask that are connected by faces, edges or corners: 26 neighbors in a volume, 8 in
 * a slice (a volume of one plane).
 *
 * Works on runs along the first axis, joined by union-find (Rosenfeld and Pfaltz, 1966), so that time
 * depends on the outline of the mask rather than its area.
 *
 * @param mask other than 0 inside
 * @param size voxels along each axis, the fastest in memory first: [columns, rows, 1] for a slice
 * @throws FewshotError `bad-geometry` when the mask does not fit the size
 */
export function connectedComponents(mask: ArrayLike<number>, size: Triple): ConnectedComponents {
  const [nx, ny, nz] = size;
  if (mask.length !== nx * ny * nz) {
    throw new FewshotError(
      'bad-geometry',
      `A mask of ${mask.length} values does not fill ${size.join(' x ')} voxels.`,
      'Give one value per voxel.',
    );
  }
  const runs = findRuns(mask, nx, ny * nz);
  const sets = new DisjointSets(runs.starts.length);
  for (let row = 0; row < ny * nz; row++) {
    const y = row % ny;
    // Rows that precede this one in memory and touch it, in this plane and the one below.
    if (y > 0) joinRows(runs, sets, row - 1, row);
    if (row < ny) continue;
    for (let dy = -1; dy <= 1; dy++) {
      if (y + dy >= 0 && y + dy < ny) joinRows(runs, sets, row - ny + dy, row);
    }
  }
  return labelRuns(runs, sets, size);
}

/** Uninterrupted stretches of the mask, row by row. */
interface Runs {
  /** Column of each run's first voxel, and one past its last. */
  starts: number[];
  ends: number[];
  /** The runs of row r are those from `firstOfRow[r]` to before `firstOfRow[r + 1]`. */
  firstOfRow: Int32Array;
}

function findRuns(mask: ArrayLike<number>, columns: number, rows: number): Runs {
  const starts: number[] = [];
  const ends: number[] = [];
  const firstOfRow = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const offset = row * columns;
    let isInside = false;
    for (let column = 0; column < columns; column++) {
      if ((mask[offset + column] !== 0) === isInside) continue;
      (isInside ? ends : starts).push(column);
      isInside = !isInside;
    }
    if (isInside) ends.push(columns);
    firstOfRow[row + 1] = starts.length;
  }
  return { starts, ends, firstOfRow };
}

/** Joins the runs of two neighboring rows that overlap or meet at a corner. */
function joinRows(
  { starts, ends, firstOfRow }: Runs,
  sets: DisjointSets,
  a: number,
  b: number,
): void {
  let i = firstOfRow[a];
  let j = firstOfRow[b];
  while (i < firstOfRow[a + 1] && j < firstOfRow[b + 1]) {
    if (starts[i] <= ends[j] && starts[j] <= ends[i]) sets.join(i, j);
    if (ends[i] < ends[j]) i++;
    else j++;
  }
}

function labelRuns(
  { starts, ends, firstOfRow }: Runs,
  sets: DisjointSets,
  [nx, ny, nz]: Triple,
): ConnectedComponents {
  const labels = new Int32Array(nx * ny * nz);
  const components: Component[] = [];
  const labelOfRoot = new Int32Array(starts.length);
  for (let row = 0; row < ny * nz; row++) {
    const y = row % ny;
    const z = Math.floor(row / ny);
    for (let run = firstOfRow[row]; run < firstOfRow[row + 1]; run++) {
      const first = starts[run];
      const last = ends[run] - 1;
      const root = sets.find(run);
      if (labelOfRoot[root] === 0) {
        const label = components.length + 1;
        components.push({ label, voxels: 0, low: [first, y, z], high: [last, y, z] });
        labelOfRoot[root] = label;
      }
      const component = components[labelOfRoot[root] - 1];
      const { low, high } = component;
      component.voxels += last - first + 1;
      low[0] = Math.min(low[0], first);
      low[1] = Math.min(low[1], y);
      high[0] = Math.max(high[0], last);
      high[1] = Math.max(high[1], y);
      high[2] = z; // Rows come in order, so z only grows.
      labels.fill(component.label, row * nx + first, row * nx + last + 1);
    }
  }
  return { labels, components };
}

/**
 * Joins components of two slices that touch by faces, edges or corners if one slice lies on the other.
 *
 * @param below labels of one slice, see `connectedComponents`; their sets count from `firstBelow`
 * @param above labels of the other slice; their sets count from `firstAbove`
 */
export function joinTouching(
  below: Int32Array,
  firstBelow: number,
  above: Int32Array,
  firstAbove: number,
  columns: number,
  sets: DisjointSets,
): void {
  const rows = above.length / columns;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const label = above[row * columns + column];
      if (label === 0) continue;
      for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
        const last = Math.min(columns - 1, column + 1);
        for (let c = Math.max(0, column - 1); c <= last; c++) {
          const other = below[r * columns + c];
          if (other > 0) sets.join(firstBelow + other - 1, firstAbove + label - 1);
        }
      }
    }
  }
}
