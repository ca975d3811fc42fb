import { FewshotError, type Mask } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/core';
import type { Types as ToolTypes } from '@cornerstonejs/tools';
import type { Cornerstone } from '../host/ohif';
import type { MaskDigest } from './maskDigest';
import type { Reslice } from './reslice';
import type { Series } from './series';

type VoxelManager = Types.IVoxelManager<number>;

/** Read and write access to the labels of a slice. */
export type SliceVoxels = Pick<VoxelManager, 'getAtIndex'> & {
  getScalarData(): ArrayLike<number>;
  setAtIndex(index: number, value: number): unknown;
};

/** A segment as the viewer lists it. */
export interface ViewerSegment {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  locked: boolean;
  active: boolean;
}

/** Location of a segment's voxels: a labelmap image per slice, and the label value. */
export interface SegmentLabelmap {
  segmentationId: string;
  segmentIndex: number;
  /** Value in the labelmap. Differs from segmentIndex if overlapping segments have layers of their own. */
  labelValue: number;
  /** First image of the labelmap. Identifies it if the viewer keeps overlapping segments in several. */
  layer?: string;
  /** One per slice, in the order of the series; null where the labelmap does not cover the slice. */
  voxels: (SliceVoxels | null)[];
  columns: number;
  /** Set if the slices are resliced along another axis. */
  reslice?: Reslice;
  /** Outlines drawn in another plane may cross the slices. */
  isCrossed?: boolean;
  /** Set if the voxels are those of contours, which can only be read. */
  contours?: {
    digests: ReadonlyMap<number, MaskDigest>;
    /** Which contours do not count, and why; null if all do. */
    note: string | null;
  };
}

interface LabelmapLayer {
  imageIds?: string[];
  volumeId?: string;
  referencedImageIds?: string[];
}

/**
 * Finds the labelmap layer of a segment and matches its images to the slices of a series by the image
 * they reference.
 *
 * @throws FewshotError `bad-input` if the segmentation is not a labelmap or belongs to another series
 */
export function segmentLabelmap(
  core: Cornerstone['core'],
  segmentation: ToolTypes.Segmentation,
  segmentIndex: number,
  series: Series,
): SegmentLabelmap {
  const data = segmentation.representationData.Labelmap;
  if (!data) {
    throw new FewshotError(
      'bad-input',
      'The active segmentation has neither a labelmap nor contours.',
      'Outline with the brush or with contours, or choose another segmentation.',
    );
  }
  const binding = data.segmentBindings?.[segmentIndex];
  const layer: LabelmapLayer = (binding && data.labelmaps?.[binding.labelmapId]) || data;
  const labelmapIds =
    layer.imageIds ??
    (layer.volumeId ? core.cache.getVolume(layer.volumeId)?.imageIds : undefined) ??
    [];
  const byReference = new Map<string, VoxelManager>();
  labelmapIds.forEach((labelmapId, i) => {
    const image = core.cache.getImage(labelmapId);
    const reference = image?.referencedImageId ?? layer.referencedImageIds?.[i];
    if (image?.voxelManager && reference) {
      byReference.set(reference, image.voxelManager as VoxelManager);
    }
  });
  const voxels = series.imageIds.map(imageId => byReference.get(imageId) ?? null);
  if (voxels.every(voxelManager => voxelManager === null)) {
    throw new FewshotError(
      'bad-input',
      'The active segmentation belongs to another series.',
      'Activate the viewport with the series it was drawn on, or add a segmentation to this one.',
    );
  }
  return {
    segmentationId: segmentation.segmentationId,
    segmentIndex,
    labelValue: binding?.labelValue ?? segmentIndex,
    layer: labelmapIds[0],
    voxels,
    columns: series.columns,
  };
}

/** Whether a segmentation is a labelmap of a series. */
export function isLabelmapOf(
  core: Cornerstone['core'],
  segmentation: ToolTypes.Segmentation,
  series: Series,
): boolean {
  try {
    segmentLabelmap(core, segmentation, 1, series);
    return true;
  } catch {
    return false;
  }
}

/** Label values of one slice, row-major; null where the labelmap does not cover it. */
export function labelsOf(labelmap: SegmentLabelmap, sliceIndex: number): ArrayLike<number> | null {
  return labelmap.voxels[sliceIndex]?.getScalarData() ?? null;
}

/** A copy of the segment's mask on one slice; null where the labelmap does not cover it. */
export function readMask(labelmap: SegmentLabelmap, sliceIndex: number): Mask | null {
  const labels = labelsOf(labelmap, sliceIndex);
  if (!labels) return null;
  const mask = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) mask[i] = labels[i] === labelmap.labelValue ? 1 : 0;
  return mask;
}
