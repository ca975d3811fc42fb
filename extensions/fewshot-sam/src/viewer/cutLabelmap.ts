import { labelsOf, type SegmentLabelmap, type SliceVoxels } from './labelmap';
import type { MaskDigest } from './maskDigest';
import { forEachCut, type Cut } from './reformat';

/**
 * Voxels that propagations along another axis filled, by the slice they lie on and label value. All
 * other voxels of a segment were drawn: a slice of another plane cuts through many outlines, and must
 * not take any of them away.
 */
const filled = new WeakMap<SliceVoxels, Map<number, Uint8Array>>();

function filledOf(voxels: SliceVoxels, labelValue: number, create: boolean): Uint8Array | null {
  let byValue = filled.get(voxels);
  if (!byValue && create) filled.set(voxels, (byValue = new Map()));
  let marks = byValue?.get(labelValue);
  if (!marks && create) {
    marks = new Uint8Array(voxels.getScalarData().length);
    byValue!.set(labelValue, marks);
  }
  return marks ?? null;
}

/** Writes a label unless it would take away what was drawn. */
function guardedSet(
  voxels: SliceVoxels,
  position: number,
  value: number,
  labelValue: number,
): boolean {
  const marks = filledOf(voxels, labelValue, true)!;
  const isSegment = voxels.getAtIndex(position) === labelValue;
  if (value === 0 && isSegment && !marks[position]) return false;
  voxels.setAtIndex(position, value);
  marks[position] = Number(value === labelValue);
  return true;
}

/** A slice of the series itself, of which outlines of other planes take part. */
class GuardedVoxels implements SliceVoxels {
  constructor(
    private readonly source: SliceVoxels,
    private readonly labelValue: number,
  ) {}

  getScalarData = () => this.source.getScalarData();
  getAtIndex = (position: number) => this.source.getAtIndex(position);
  setAtIndex = (position: number, value: number) =>
    guardedSet(this.source, position, value, this.labelValue);
  marks = () => filledOf(this.source, this.labelValue, false);
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

/** One slice of another plane, over the voxels of the series' own slices. */
class CutVoxels implements SliceVoxels {
  /** Source slice and position of each pixel; made when a pixel is asked for. */
  private places: { slices: Uint16Array; positions: Uint32Array } | null = null;

  constructor(
    private readonly cut: Cut,
    private readonly slice: number,
    private readonly source: readonly (SliceVoxels | null)[],
    private readonly labelValue: number,
  ) {}

  getScalarData(): ArrayLike<number> {
    const { rows, columns } = this.cut.plane;
    const stack = this.source.map(voxels => voxels?.getScalarData());
    const labels = new Uint16Array(rows * columns);
    forEachCut(this.cut, this.slice, (pixel, slice, position) => {
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
    return guardedSet(voxels, position, value, this.labelValue);
  }

  private place(pixel: number) {
    if (!this.places) {
      const { rows, columns } = this.cut.plane;
      const slices = new Uint16Array(rows * columns);
      const positions = new Uint32Array(rows * columns);
      forEachCut(this.cut, this.slice, (index, slice, position) => {
        slices[index] = slice;
        positions[index] = position;
      });
      this.places = { slices, positions };
    }
    const voxels = this.source[this.places.slices[pixel]];
    return { voxels, position: this.places.positions[pixel] };
  }
}

/** A segment on the slices of another plane: the same voxels, read and written there. */
export function cutLabelmap(labelmap: SegmentLabelmap, cut: Cut): SegmentLabelmap {
  const { voxels, labelValue } = labelmap;
  return {
    ...labelmap,
    columns: cut.plane.columns,
    cut,
    voxels: Array.from(
      { length: cut.plane.slices },
      (_, slice) => new CutVoxels(cut, slice, voxels, labelValue),
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
 * @param marks 1 where a propagation along another axis filled a voxel, if known
 */
export function isOutlinedHere(
  labels: ArrayLike<number>,
  before: ArrayLike<number> | null,
  after: ArrayLike<number> | null,
  labelValue: number,
  columns: number,
  marks: Uint8Array | null = null,
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
    if (marks?.[i] || (goesThrough && !(goesAcross && goesDown))) foreign++;
    else own++;
  }
  return own > foreign;
}
