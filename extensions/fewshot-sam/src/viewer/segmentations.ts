import type { SegmentationService } from '../host/ohif';

/** A segmentation that a viewport shows. */
export interface ShownSegmentation {
  segmentationId: string;
  label: string;
  /** Whether strokes go into it. */
  active: boolean;
}

/** Labelmap segmentations of a viewport, in the viewer's order, without duplicates. */
export function shownSegmentations(
  service: Pick<SegmentationService, 'getActiveSegmentation' | 'getSegmentationRepresentations'>,
  viewportId: string,
): ShownSegmentation[] {
  const active = service.getActiveSegmentation(viewportId)?.segmentationId;
  const shown = new Map<string, ShownSegmentation>();
  for (const { segmentationId, label, type } of service.getSegmentationRepresentations?.(
    viewportId,
  ) ?? []) {
    if (type !== 'Labelmap') continue;
    shown.set(segmentationId, { segmentationId, label, active: segmentationId === active });
  }
  return [...shown.values()];
}
