import type { Types as ToolTypes } from '@cornerstonejs/tools';
import { itemsOf, textOf } from 'fewshot-sam-dicom';
import type { Cornerstone, Instance } from '../host/ohif';
import { contourOutlines, type ContourOutline } from './contourOutlines';
import { filledContours, type FilledContours } from './filledContours';
import type { SegmentLabelmap, SliceVoxels } from './labelmap';
import type { Series } from './series';

/** Filled segments that are remembered: those of a large RTSTRUCT in one plane. */
const MOST = 64;

/** Shows the contours of a segmentation as labelmaps that can only be read. */
export class DrawnContours {
  /** Key of segment and series -> its contours, filled, in the order of use. */
  private readonly filled = new Map<string, { madeFrom: string; filled: FilledContours }>();

  /** @param openedInstance metadata of the RTSTRUCT that a segmentation was loaded from */
  constructor(
    private readonly cornerstone: Cornerstone,
    private readonly openedInstance: (segmentationId: string) => Instance | null,
  ) {}

  labelmap(
    segmentation: ToolTypes.Segmentation,
    segmentIndex: number,
    series: Series,
  ): SegmentLabelmap {
    const { segmentationId } = segmentation;
    const filled = this.fill(segmentation, segmentIndex, series);
    const size = series.rows * series.columns;
    const empty = voxelsOf(size, undefined);
    return {
      segmentationId,
      segmentIndex,
      labelValue: 1,
      voxels: series.imageIds.map((_, slice) => {
        const onSlice = filled.slices.get(slice);
        return onSlice ? voxelsOf(size, onSlice.voxels) : empty;
      }),
      columns: series.columns,
      ...(series.reslice && { reslice: series.reslice }),
      contours: {
        digests: new Map([...filled.slices].map(([slice, { digest }]) => [slice, digest])),
        note: filled.note,
      },
    };
  }

  private fill(
    segmentation: ToolTypes.Segmentation,
    segmentIndex: number,
    series: Series,
  ): FilledContours {
    const { segmentationId } = segmentation;
    const outlines = contourOutlines(this.cornerstone, segmentation, segmentIndex);
    const label = segmentation.segments[segmentIndex]?.label ?? `segment ${segmentIndex}`;
    const key = `${segmentationId} ${segmentIndex} ${series.displaySetInstanceUID}`;
    const madeFrom = `${label} ${fingerprint(outlines)}`;
    let known = this.filled.get(key);
    this.filled.delete(key);
    if (known?.madeFrom !== madeFrom) {
      const frame = frameOfReferenceOf(this.openedInstance(segmentationId), segmentIndex);
      known = { madeFrom, filled: filledContours(outlines, series, label, frame) };
    }
    this.filled.set(key, known);
    for (const [oldest] of this.filled) {
      if (this.filled.size <= MOST) break;
      this.filled.delete(oldest);
    }
    return known.filled;
  }
}

/** @param filled positions of the voxels inside */
function voxelsOf(size: number, filled: Uint32Array | undefined): SliceVoxels {
  const labels = () => {
    const values = new Uint8Array(size);
    filled?.forEach(position => (values[position] = 1));
    return values;
  };
  return {
    getScalarData: labels,
    getAtIndex: index => labels()[index],
    setAtIndex: () => {
      throw new Error('Contours are not written as voxels.');
    },
  };
}

/** Changes when a contour is added, removed or moved. */
function fingerprint(outlines: readonly ContourOutline[]): string {
  let hash = 0;
  let points = 0;
  const add = (value: number) => {
    // Changes of a thousandth of a millimeter count.
    hash = (Math.imul(hash, 31) + Math.round(value * 1000)) | 0;
  };
  for (const outline of outlines) {
    add(Number(outline.isClosed) + 2 * Number(outline.isInterpolated));
    for (const point of outline.points) point.forEach(add);
    points += outline.points.length;
  }
  return `${outlines.length} ${points} ${hash}`;
}

/**
 * Frame of reference of an ROI in the structure set that it was loaded from. The viewer gives its contours
 * that of the images.
 */
function frameOfReferenceOf(instance: Instance | null, roiNumber: number): string | undefined {
  if (!instance) return undefined;
  const roi = itemsOf(instance, 'StructureSetROISequence').find(
    item => Number(textOf(item, 'ROINumber')) === roiNumber,
  );
  const frames = itemsOf(instance, 'ReferencedFrameOfReferenceSequence').map(frame =>
    textOf(frame, 'FrameOfReferenceUID'),
  );
  const own = (roi && textOf(roi, 'ReferencedFrameOfReferenceUID')) || '';
  return own || (frames.length === 1 ? frames[0] : '') || undefined;
}
