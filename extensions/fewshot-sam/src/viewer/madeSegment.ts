import type { SegmentationService } from '../host/ohif';

/** Milliseconds after which a new segment is looked for again; a slow computer takes seconds to lose it. */
const LOST_WITHIN = [400, 1000, 2500, 6000];

/** A segment that was added for a result. */
export interface MadeSegment {
  segmentationId: string;
  segmentIndex: number;
  /** There was no segmentation before: it goes with the segment. */
  withSegmentation: boolean;
}

/**
 * Adds a segment and makes it active. OHIF computes statistics of the segments while others are added,
 * and then writes back the list of segments that it began with: the new one is gone within a second,
 * with many structures within some (seen in 3.13.2). It is added again then.
 *
 * @returns stops looking for it, as when it is removed on purpose
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
