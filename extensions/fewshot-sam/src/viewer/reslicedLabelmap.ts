import { MarksOfSlices, type VoxelMarks } from './filledMarks';
import { labelsOf, type SegmentLabelmap, type SliceVoxels } from './labelmap';
import type { MaskDigest } from './maskDigest';
import { forEachResliced, type Reslice } from './reslice';

/**
 * Voxels that propagations filled where outlines of other planes may cross. All other voxels of a segment
 * were drawn: a slice of another plane cuts through many outlines, and must not take any of them away.
 */
const filledAcross = new MarksOfSlices();

/**
 * Voxels that propagations along the series' own axis filled before any other plane was outlined. Those
 * may take them away again; to another plane they are as good as drawn.
 */
const filledAlong = new MarksOfSlices();

/** Writes a label unless it would take away what was drawn. */
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
 * Says of voxels that were written whether a propagation filled them; else they count as drawn.
 *
 * @param positions on the slice
 */
export function markFilled(
  { voxels, labelValue }: SegmentLabelmap,
  sliceIndex: number,
  positions: Iterable<number>,
  isFilled: boolean,
): void {
  const slice = voxels[sliceIndex]!;
  for (const position of positions) {
    if (slice instanceof GuardedVoxels || slice instanceof CutVoxels) {
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
  if (slice instanceof CutVoxels) return slice.source.flatMap(each => each ?? []);
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

/** The same labelmap, of which a slice's drawn voxels are never taken away. */
export function guarded(labelmap: SegmentLabelmap): SegmentLabelmap {
  const { voxels, labelValue } = labelmap;
  return {
    ...labelmap,
    isCrossed: true,
    voxels: voxels.map(slice => slice && new GuardedVoxels(slice, labelValue)),
  };
}

/**
 * Source slice and position of each pixel, of the slice that was asked for last: undo holds on to all
 * slices that were written, and a table for each would be a gigabyte.
 */
class Places {
  private slice = -1;
  private slices = new Uint16Array();
  private positions = new Uint32Array();

  constructor(private readonly reslice: Reslice) {}

  of(slice: number, pixel: number): { slice: number; position: number } {
    if (slice !== this.slice) {
      // Only what is written needs it, not each look at the labelmap.
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

/** One slice of another plane, over the voxels of the series' own slices. */
class CutVoxels implements SliceVoxels {
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

  /** Leaves drawn voxels of the segment as they are. */
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

/** A segment on the slices of another plane: the same voxels, read and written there. */
export function cutLabelmap(labelmap: SegmentLabelmap, reslice: Reslice): SegmentLabelmap {
  const { voxels, labelValue } = labelmap;
  const places = new Places(reslice);
  return {
    ...labelmap,
    columns: reslice.plane.columns,
    reslice,
    voxels: Array.from(
      { length: reslice.plane.slices },
      (_, slice) => new CutVoxels(reslice, places, slice, voxels, labelValue),
    ),
  };
}

/**
 * The digest of a slice that outlines of other planes may cross: says whether the slice itself was
 * outlined.
 */
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
 * Whether a slice was outlined as such, or is only crossed by outlines of other planes. A voxel
 * belongs to another plane's outline where the segment goes on through the slice but not within it,
 * or where a propagation along another axis filled it.
 *
 * @param labels of the slice, `before` and `after` of those beside it
 * @param marks where a propagation along another axis filled a voxel, if known
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
