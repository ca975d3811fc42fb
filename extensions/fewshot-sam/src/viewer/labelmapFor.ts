import { FewshotError } from 'fewshot-sam';
import type { Types as ToolTypes } from '@cornerstonejs/tools';
import type { ExtensionContext, Services } from '../host/ohif';
import { addSegment } from './madeSegment';
import { keepPanelOpen } from './panelTab';
import { sourceOf, type Series } from './series';

const PATIENCE = 10_000;
const LOOK = 50;

/** A labelmap segmentation for results of outlines that are drawn elsewhere. */
export interface WantedLabelmap {
  /** Use this segmentation if it still exists; else a new one is made. */
  segmentationId?: string;
  name: string;
  segments: {
    label: string;
    color: [number, number, number];
    /** In the existing segmentation; absent for a segment to add. */
    segmentIndex?: number;
  }[];
}

export interface LabelmapFor {
  segmentation: ToolTypes.Segmentation;
  /** One for each segment wanted. */
  segmentIndices: number[];
  isNew: boolean;
}

/**
 * Provides a labelmap segmentation of a series with the segments wanted, shows it in a viewport with the
 * series and activates both.
 *
 * @param newId id for a new segmentation
 * @param isUsable whether voxels can be written
 * @throws FewshotError if no viewport shows the series, or the viewer does not make the segmentation
 */
export async function labelmapFor(
  { servicesManager: { services }, commandsManager }: ExtensionContext,
  wanted: WantedLabelmap,
  series: Series,
  newId: string,
  isUsable: (segmentation: ToolTypes.Segmentation) => boolean,
): Promise<LabelmapFor> {
  const { segmentationService, viewportGridService } = services;
  const { displaySetInstanceUID } = sourceOf(series);
  const viewportId = viewportWith(services, displaySetInstanceUID);
  if (viewportGridService.getActiveViewportId() !== viewportId) {
    viewportGridService.setActiveViewportId(viewportId);
  }
  const isNew =
    !wanted.segmentationId || !segmentationService.getSegmentation(wanted.segmentationId);
  const segmentationId = isNew ? newId : wanted.segmentationId!;
  const find = () => segmentationService.getSegmentation(segmentationId);
  const segmentIndices: number[] = [];
  const make = async () => {
    keepPanelOpen(services);
    await commandsManager.runCommand('createLabelmapForViewport', {
      viewportId,
      options: {
        ...{ displaySetInstanceUID, segmentationId, label: wanted.name },
        createInitialSegment: true,
      },
    });
    await appears(() => find()?.segments[1]);
  };
  const provide = async ({ label, color, segmentIndex: known }: WantedLabelmap['segments'][0]) => {
    const isThere = !isNew && known !== undefined && find()?.segments[known];
    const isFirst = isNew && segmentIndices.length === 0;
    const index = isThere ? known : isFirst ? 1 : addedTo(services, segmentationId);
    await appears(() => {
      const found = find();
      return (found?.segments[index] && isUsable(found)) || undefined;
    });
    if (!isThere) {
      segmentationService.setSegmentLabel?.(segmentationId, index, label);
      segmentationService.setSegmentColor(viewportId, segmentationId, index, [...color, 255]);
    }
    segmentIndices.push(index);
  };
  try {
    if (isNew) await make();
    segmentationService.setActiveSegmentation?.(viewportId, segmentationId);
    for (const segment of wanted.segments) await provide(segment);
    segmentationService.setActiveSegment(segmentationId, segmentIndices[0]);
    return { segmentation: find()!, segmentIndices, isNew };
  } catch (error) {
    if (isNew && find()) segmentationService.remove?.(segmentationId);
    throw error;
  }
}

/** The active viewport if it shows a series; else another one that does. */
function viewportWith({ viewportGridService }: Services, displaySetInstanceUID: string): string {
  const active = viewportGridService.getActiveViewportId();
  const showing = [...viewportGridService.getState().viewports]
    .filter(([, { displaySetInstanceUIDs }]) =>
      displaySetInstanceUIDs?.includes(displaySetInstanceUID),
    )
    .map(([viewportId]) => viewportId);
  const viewportId = showing.find(id => id === active) ?? showing[0];
  if (viewportId) return viewportId;
  throw new FewshotError(
    'bad-input',
    'The series that was outlined is no longer shown.',
    'Nothing was changed. Show it in a viewport and propagate again; computed slices are kept, so it takes less time.',
  );
}

function addedTo({ segmentationService }: Services, segmentationId: string): number {
  const indices = () =>
    Object.keys(segmentationService.getSegmentation(segmentationId)?.segments ?? {}).map(Number);
  const before = indices();
  addSegment(segmentationService, segmentationId);
  return indices().find(index => !before.includes(index)) ?? Math.max(0, ...before) + 1;
}

/** @throws FewshotError after 10 seconds */
async function appears<T>(look: () => T | undefined): Promise<T> {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, LOOK));
  }
  throw new FewshotError(
    'bad-input',
    'The viewer did not make a labelmap segmentation for the result.',
    'Your contours are unchanged. Show the series again, then propagate again.',
  );
}
