import type { Services } from '../host/ohif';
import { id, PANEL_NAME } from '../ids';

/** Milliseconds that the viewer may take to add a segmentation. */
const ADDED_WITHIN = 10_000;

/** Shows the tab of our panel. */
export function showPanel({ panelService }: Pick<Services, 'panelService'>): void {
  panelService.activatePanel(`${id}.panelModule.${PANEL_NAME}`, true);
}

/** Keeps our panel open when the next segmentation is added: the viewer then opens its own. */
export function keepPanelOpen(
  services: Pick<Services, 'panelService' | 'segmentationService'>,
): void {
  const { segmentationService } = services;
  const added = segmentationService.subscribe(segmentationService.EVENTS.SEGMENTATION_ADDED, () => {
    added.unsubscribe();
    // After the viewer's own listeners.
    setTimeout(() => showPanel(services));
  });
  setTimeout(() => added.unsubscribe(), ADDED_WITHIN);
}
