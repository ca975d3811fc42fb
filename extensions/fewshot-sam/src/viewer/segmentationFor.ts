import { FewshotError } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/tools';
import type { SegmentationService } from '../host/ohif';

const PATIENCE = 10_000;
const LOOK = 50;

/** What of the viewer is needed. */
interface SegmentationViewer {
  /** The active one. */
  segmentation(): Types.Segmentation | null;
  segments(segmentation: Types.Segmentation): { segmentIndex: number }[];
  createSegmentation(): void;
}

/**
 * A segmentation in the active viewport with a segment for each label, in their order.
 *
 * @param use one without voxels; null makes a new one
 * @param isOfSeries whether a segmentation is of the series to draw on: the user may turn to another
 *   viewport meanwhile, and what is there must stay as it is
 * @throws FewshotError when the viewer does not make one within 10 seconds
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
    'The viewer made no segmentation to draw in.',
    'Show the series again, add a segmentation in the segmentation panel, then try again.',
  );
}
