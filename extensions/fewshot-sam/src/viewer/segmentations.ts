import type { SegmentationService } from '../host/ohif';

/** A segmentation that a viewport shows. */
export interface ShownSegmentation {
  segmentationId: string;
  label: string;
  /** Whether strokes go into it. */
  active: boolean;
  /** It consists of contours. */
  isContours?: true;
}

/** Kinds of segmentations that hold outlines. */
const OUTLINES = ['Labelmap', 'Contour'];

/** Color of a segment that has none yet. */
const NEW_COLOR: [number, number, number] = [221, 84, 84];

/** Segmentations of a viewport that hold outlines, in the viewer's order, without duplicates. */
export function shownSegmentations(
  service: Pick<SegmentationService, 'getActiveSegmentation' | 'getSegmentationRepresentations'>,
  viewportId: string,
): ShownSegmentation[] {
  const active = service.getActiveSegmentation(viewportId)?.segmentationId;
  const shown = new Map<string, ShownSegmentation>();
  for (const { segmentationId, label, type } of service.getSegmentationRepresentations?.(
    viewportId,
  ) ?? []) {
    if (!OUTLINES.includes(type)) continue;
    const isContours = type === 'Contour' && !shown.has(segmentationId);
    shown.set(segmentationId, {
      ...{ segmentationId, label, active: segmentationId === active },
      ...(isContours && { isContours }),
    });
  }
  return [...shown.values()];
}

/** Color of a segment in a viewport. */
export function segmentColor(
  service: Pick<SegmentationService, 'getSegmentColor'>,
  viewportId: string | null,
  { segmentationId, segmentIndex }: { segmentationId: string; segmentIndex: number },
): [number, number, number] {
  try {
    const color = viewportId && service.getSegmentColor(viewportId, segmentationId, segmentIndex);
    return color ? [color[0], color[1], color[2]] : NEW_COLOR;
  } catch {
    // A representation that is just being added has no color yet.
    return NEW_COLOR;
  }
}
