import type { SegmentationService } from '../host/ohif';

/** A segment that was added for a result. */
export interface MadeSegment {
  segmentationId: string;
  segmentIndex: number;
  /** There was no segmentation before: it goes with the segment. */
  withSegmentation: boolean;
}

/** Takes a segment away that holds nothing, past the viewer's undo: there is nothing to bring back. */
export function removeMade(
  service: Pick<SegmentationService, 'getSegmentation' | 'removeSegment' | 'remove'>,
  { segmentationId, segmentIndex, withSegmentation }: MadeSegment,
): void {
  const segments = service.getSegmentation(segmentationId)?.segments;
  if (!segments?.[segmentIndex]) return;
  const isAlone = Object.values(segments).filter(segment => segment?.segmentIndex > 0).length === 1;
  if (withSegmentation && isAlone && service.remove) service.remove(segmentationId);
  else service.removeSegment?.(segmentationId, segmentIndex, { skipRecordingHistory: true });
}
