import { periodicYield } from '../viewer/yieldToBrowser';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { MaskWrite } from '../viewer/writeMasks';
import { apart, type Draft, type DraftSegment } from './draft';

/** Segments of a draft that were redrawn in the viewer. */
export interface DrawnAgain {
  draft: Draft;
  segmentationId: string;
  segments: DraftSegment[];
  /** One for each of `segments`. */
  writes: MaskWrite[];
  /** Segment index in the draft -> in the viewer. */
  numbers: Map<number, number>;
}

/**
 * Redraws drafts in one undo step, each into its own segmentation, or into several if its segments
 * overlap.
 *
 * @param empty segmentation without voxels to use first; null creates a new one
 * @returns segmentations in the order of the drafts; the first of each draft comes before its others
 */
export async function drawAgain(
  viewer: Pick<Viewer, 'segmentationFor' | 'segments' | 'labelmap' | 'write'>,
  series: Series,
  drafts: readonly Draft[],
  empty: ReturnType<Viewer['segmentation']>,
  onHistory: () => void,
): Promise<DrawnAgain[]> {
  const drawn: DrawnAgain[] = [];
  for (const draft of drafts) {
    for (const segments of await apart(draft.segments, periodicYield())) {
      const segmentation = await viewer.segmentationFor(
        segments.map(({ label }) => label),
        drawn.length === 0 ? empty : null,
        series,
      );
      const indices = viewer.segments(segmentation).map(({ segmentIndex }) => segmentIndex);
      drawn.push({
        draft,
        segmentationId: segmentation.segmentationId,
        segments,
        writes: segments.map(({ masks, predicted }, i) => ({
          labelmap: viewer.labelmap(segmentation, indices[i], series),
          masks: new Map(masks),
          drawn: new Set([...masks.keys()].filter(slice => !predicted.includes(slice))),
        })),
        numbers: new Map(segments.map(({ segmentIndex }, i) => [segmentIndex, indices[i]])),
      });
    }
  }
  await viewer.write(
    drawn.flatMap(({ writes }) => writes),
    onHistory,
  );
  return drawn;
}
