import type { Cornerstone, Services, Subscription } from '../host/ohif';

/** Events after which contours may have changed. */
const CONTOUR_EVENTS = [
  'ANNOTATION_COMPLETED',
  'ANNOTATION_MODIFIED',
  'ANNOTATION_REMOVED',
  'ANNOTATION_CUT_MERGE_PROCESS_COMPLETED',
  'ANNOTATION_INTERPOLATION_PROCESS_COMPLETED',
] as const;

/**
 * Subscribes to changes of segmentations, voxels, the active viewport and the slice shown.
 *
 * @returns a function that unsubscribes
 */
export function followViewer(
  { core, tools }: Cornerstone,
  { segmentationService, viewportGridService }: Services,
  onChange: (what: 'labels' | 'view') => void,
): () => void {
  const labels = () => onChange('labels');
  const view = () => onChange('view');
  const targets: [EventTarget, string, () => void][] = [
    [core.eventTarget, tools.Enums.Events.SEGMENTATION_DATA_MODIFIED, labels],
    [core.eventTarget, tools.Enums.Events.SEGMENTATION_MODIFIED, labels],
    [core.eventTarget, tools.Enums.Events.SEGMENTATION_ADDED, labels],
    [core.eventTarget, tools.Enums.Events.SEGMENTATION_REMOVED, labels],
    [core.eventTarget, tools.Enums.Events.SEGMENTATION_REPRESENTATION_MODIFIED, labels],
    [core.eventTarget, core.Enums.Events.IMAGE_LOADED, view],
    ...CONTOUR_EVENTS.map((event): [EventTarget, string, () => void] => [
      core.eventTarget,
      tools.Enums.Events[event],
      labels,
    ]),
  ];
  for (const [target, event, listener] of targets) target.addEventListener(event, listener);
  // Slice events fire on the viewport's element; listen on the document, which covers every viewport.
  const sliceEvents = [core.Enums.Events.STACK_NEW_IMAGE, core.Enums.Events.VOLUME_NEW_IMAGE];
  for (const event of sliceEvents) document.addEventListener(event, view, true);
  const subscriptions: Subscription[] = [
    viewportGridService.subscribe(viewportGridService.EVENTS.ACTIVE_VIEWPORT_ID_CHANGED, labels),
    viewportGridService.subscribe(viewportGridService.EVENTS.GRID_STATE_CHANGED, labels),
    segmentationService.subscribe(segmentationService.EVENTS.SEGMENTATION_MODIFIED, labels),
  ];
  return () => {
    for (const [target, event, listener] of targets) target.removeEventListener(event, listener);
    for (const event of sliceEvents) document.removeEventListener(event, view, true);
    subscriptions.forEach(subscription => subscription.unsubscribe());
  };
}
