import { FewshotError } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/tools';
import type { SegmentationService } from '../host/ohif';

const PATIENCE = 10_000;
const LOOK = 50;

/** Part of the viewer that is used here. */
interface SegmentationViewer {
  /** The active segmentation. */
  segmentation(): Types.Segmentation | null;
  segments(segmentation: Types.Segmentation): { segmentIndex: number }[];
  createSegmentation(): void;
}

/**
 * Provides a segmentation in the active viewport with one segment per label, in order.
 *
 * @param use segmentation without voxels to use; null creates a new one
 * @param isOfSeries whether a segmentation belongs to the series to draw on. The user may switch to
 *   another viewport meanwhile, and the segmentation there must not change.
 * @throws FewshotError if the viewer does not create one within 10 seconds
 */
export async function segmentationFor(
  labels: string[],
  use: Types.Segmentation | null,
  isOfSeries: (segmentation: Types.Segmentation) => boolean,
  viewer: SegmentationViewer,
  service: Pick<SegmentationService, 'addSegment' | 'setSegmentLabel'>,
): Promise<Types.Segmentation> {
  const before = viewer.segmentation()?.segmentationId;
  if (!use) viewer.createSegmentation();
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const segmentation = viewer.segmentation();
    const isNew = segmentation && (use || segmentation.segmentationId !== before);
    if (isNew && isOfSeries(segmentation)) {
      const { segmentationId } = segmentation;
      const present = viewer.segments(segmentation);
      if (present.length >= labels.length) {
        labels.forEach((label, i) =>
          service.setSegmentLabel?.(segmentationId, present[i].segmentIndex, label),
        );
        return segmentation;
      }
      service.addSegment(segmentationId, { label: labels[present.length] });
    }
    await new Promise(resolve => setTimeout(resolve, LOOK));
  }
  throw new FewshotError(
    'bad-input',
    'The viewer did not create a segmentation.',
    'Show the series again, add a segmentation in the segmentation panel, then try again.',
  );
}
