import { MarksOfSlices, type VoxelMarks } from './filledMarks';
import { labelsOf, type SegmentLabelmap, type SliceVoxels } from './labelmap';
import type { MaskDigest } from './maskDigest';
import { forEachResliced, type Reslice } from './reslice';

/**
 * Voxels that propagations filled where outlines of other planes may cross. All other voxels of a segment
 * were drawn. A slice of another plane crosses many outlines and must not erase any of them.
 */
const filledAcross = new MarksOfSlices();

/**
 * Voxels that propagations along the series' own axis filled before any other plane was outlined. Only
 * propagations along that axis may erase them; for other planes they count as drawn.
 */
const filledAlong = new MarksOfSlices();

/** Writes a label unless that would erase a drawn voxel. @returns whether it was written */
function guardedSet(
  voxels: SliceVoxels,
  position: number,
  value: number,
  labelValue: number,
  isOwnPlane: boolean,
): boolean {
  const isFilled =
    filledAcross.of(voxels, labelValue)?.has(position) ||
    (isOwnPlane && filledAlong.of(voxels, labelValue)?.has(position));
  const isSegment = voxels.getAtIndex(position) === labelValue;
  if (value === 0 && isSegment && !isFilled) return false;
  voxels.setAtIndex(position, value);
  markAcross(voxels, labelValue, position, value === labelValue);
  return true;
}

/**
 * Marks written voxels as filled by a propagation, or as drawn.
 *
 * @param positions voxels on the slice
 */
export function markFilled(
  { voxels, labelValue }: SegmentLabelmap,
  sliceIndex: number,
  positions: Iterable<number>,
  isFilled: boolean,
): void {
  const slice = voxels[sliceIndex]!;
  for (const position of positions) {
    if (slice instanceof GuardedVoxels || slice instanceof ReslicedVoxels) {
      slice.mark(position, isFilled);
    } else {
      filledAlong.set(slice, labelValue, position, isFilled);
    }
  }
}

function markAcross(
  voxels: SliceVoxels,
  labelValue: number,
  position: number,
  isFilled: boolean,
): void {
  filledAcross.set(voxels, labelValue, position, isFilled);
  filledAlong.set(voxels, labelValue, position, false);
}

/** Forgets the filled voxels of a label value, on all slices of the labelmap. */
export function forgetMarks({ voxels, labelValue }: SegmentLabelmap): void {
  for (const slice of voxels.flatMap(each => (each ? acquiredVoxels(each) : []))) {
    for (const marks of [filledAcross, filledAlong]) marks.forget(slice, labelValue);
  }
}

function acquiredVoxels(slice: SliceVoxels): readonly SliceVoxels[] {
  if (slice instanceof GuardedVoxels) return [slice.source];
  if (slice instanceof ReslicedVoxels) return slice.source.flatMap(each => each ?? []);
  return [slice];
}

/** A slice of the series itself, which outlines drawn in other planes may cross. */
class GuardedVoxels implements SliceVoxels {
  constructor(
    readonly source: SliceVoxels,
    private readonly labelValue: number,
  ) {}

  getScalarData = () => this.source.getScalarData();
  getAtIndex = (position: number) => this.source.getAtIndex(position);
  setAtIndex = (position: number, value: number) =>
    guardedSet(this.source, position, value, this.labelValue, true);
  mark = (position: number, isFilled: boolean) =>
    markAcross(this.source, this.labelValue, position, isFilled);
  marks = () => filledAcross.of(this.source, this.labelValue);
}

/** The same labelmap, protected: writes never erase drawn voxels. */
export function guarded(labelmap: SegmentLabelmap): SegmentLabelmap {
  const { voxels, labelValue } = labelmap;
  return {
    ...labelmap,
    isCrossed: true,
    voxels: voxels.map(slice => slice && new GuardedVoxels(slice, labelValue)),
  };
}

/**
 * Source slice and position of each pixel of the last requested slice. Undo keeps every written slice
 * alive, and a table for each would take a gigabyte.
 */
class Places {
  private slice = -1;
  private slices = new Uint16Array();
  private positions = new Uint32Array();

  constructor(private readonly reslice: Reslice) {}

  of(slice: number, pixel: number): { slice: number; position: number } {
    if (slice !== this.slice) {
      // Allocate on first use: reading the labelmap does not need the table.
      if (this.slice < 0) {
        const pixels = this.reslice.plane.rows * this.reslice.plane.columns;
        this.slices = new Uint16Array(pixels);
        this.positions = new Uint32Array(pixels);
      }
      forEachResliced(this.reslice, slice, (index, source, position) => {
        this.slices[index] = source;
        this.positions[index] = position;
      });
      this.slice = slice;
    }
    return { slice: this.slices[pixel], position: this.positions[pixel] };
  }
}

/** One slice of another plane, backed by the voxels of the acquired slices. */
class ReslicedVoxels implements SliceVoxels {
  constructor(
    private readonly reslice: Reslice,
    private readonly places: Places,
    private readonly slice: number,
    readonly source: readonly (SliceVoxels | null)[],
    private readonly labelValue: number,
  ) {}

  getScalarData(): ArrayLike<number> {
    const { rows, columns } = this.reslice.plane;
    const stack = this.source.map(voxels => voxels?.getScalarData());
    const labels = new Uint16Array(rows * columns);
    forEachResliced(this.reslice, this.slice, (pixel, slice, position) => {
      labels[pixel] = stack[slice]?.[position] ?? 0;
    });
    return labels;
  }

  getAtIndex(pixel: number): number {
    const { voxels, position } = this.place(pixel);
    return voxels?.getAtIndex(position) ?? 0;
  }

  /** Never erases drawn voxels of the segment. */
  setAtIndex(pixel: number, value: number): boolean {
    const { voxels, position } = this.place(pixel);
    if (!voxels) return false;
    return guardedSet(voxels, position, value, this.labelValue, false);
  }

  mark(pixel: number, isFilled: boolean): void {
    const { voxels, position } = this.place(pixel);
    if (voxels) markAcross(voxels, this.labelValue, position, isFilled);
  }

  private place(pixel: number) {
    const { slice, position } = this.places.of(this.slice, pixel);
    return { voxels: this.source[slice], position };
  }
}

/** A segment on the slices of another plane, backed by the same voxels. */
export function reslicedLabelmap(labelmap: SegmentLabelmap, reslice: Reslice): SegmentLabelmap {
  const { voxels, labelValue } = labelmap;
  const places = new Places(reslice);
  return {
    ...labelmap,
    columns: reslice.plane.columns,
    reslice,
    voxels: Array.from(
      { length: reslice.plane.slices },
      (_, slice) => new ReslicedVoxels(reslice, places, slice, voxels, labelValue),
    ),
  };
}

/** Adds to the digest of a slice whether it was only crossed by outlines of other planes. */
export function crossedDigest(
  labelmap: SegmentLabelmap,
  sliceIndex: number,
  digest: MaskDigest,
): MaskDigest {
  const [before, labels, after] = [-1, 0, 1].map(step => labelsOf(labelmap, sliceIndex + step));
  const { labelValue, voxels, columns } = labelmap;
  const own = voxels[sliceIndex];
  const marks = own instanceof GuardedVoxels ? own.marks() : null;
  const isCrossed = !isOutlinedHere(labels!, before, after, labelValue, columns, marks);
  return isCrossed ? { ...digest, isCrossed } : digest;
}

/**
 * Whether the slice itself was outlined, rather than only crossed by outlines of other planes. A voxel
 * belongs to another plane's outline if the segment continues through the slice but not within it, or if
 * a propagation along another axis filled it.
 *
 * @param labels of the slice; `before` and `after` are those of its neighbors
 * @param marks voxels that a propagation along another axis filled, if known
 */
export function isOutlinedHere(
  labels: ArrayLike<number>,
  before: ArrayLike<number> | null,
  after: ArrayLike<number> | null,
  labelValue: number,
  columns: number,
  marks: Pick<VoxelMarks, 'has'> | null = null,
): boolean {
  let own = 0;
  let foreign = 0;
  const has = (i: number) => labels[i] === labelValue;
  for (let i = 0; i < labels.length; i++) {
    if (!has(i)) continue;
    const column = i % columns;
    const goesAcross = (column > 0 && has(i - 1)) || (column < columns - 1 && has(i + 1));
    const goesDown = has(i - columns) || has(i + columns);
    const goesThrough = before?.[i] === labelValue || after?.[i] === labelValue;
    if (marks?.has(i) || (goesThrough && !(goesAcross && goesDown))) foreign++;
    else own++;
  }
  return own > foreign;
}
