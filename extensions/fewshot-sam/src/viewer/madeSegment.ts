import type { SegmentationService } from '../host/ohif';

/** Milliseconds after which to check that a new segment still exists. On a slow computer it is lost late. */
const LOST_WITHIN = [400, 1000, 2500, 6000];

/** A segment that was added for a result. */
export interface MadeSegment {
  segmentationId: string;
  segmentIndex: number;
  /** There was no segmentation before, so remove it with the segment. */
  withSegmentation: boolean;
}

/**
 * Adds a segment and activates it. OHIF computes segment statistics asynchronously and then writes back
 * the segment list it started with, so the new segment may disappear after a second, or after several
 * with many structures (seen in 3.13.2). This function then adds it again.
 *
 * @returns a function that stops the checks; call it before removing the segment on purpose
 */
export function addSegment(
  service: Pick<SegmentationService, 'addSegment' | 'getSegmentation'>,
  segmentationId: string,
): () => void {
  const indices = () => Object.keys(service.getSegmentation(segmentationId)?.segments ?? {});
  const before = indices();
  service.addSegment(segmentationId, { active: true });
  const segmentIndex = Number(indices().find(index => !before.includes(index)));
  if (!segmentIndex) return () => undefined;
  const timers = LOST_WITHIN.map(delay =>
    setTimeout(() => {
      const segmentation = service.getSegmentation(segmentationId);
      if (!segmentation || segmentation.segments[segmentIndex]) return;
      service.addSegment(segmentationId, { segmentIndex, active: true });
    }, delay),
  );
  return () => timers.forEach(clearTimeout);
}

/** Removes an empty segment without an undo step: there is nothing to restore. */
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
