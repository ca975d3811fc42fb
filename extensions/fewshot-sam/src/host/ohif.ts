/**
 * Types for the part of OHIF's services that we call. The published packages have none, and a prebuilt
 * viewer passes the services at run time. Names and shapes follow OHIF 3.11 to 3.13.
 */
import type * as CornerstoneCore from '@cornerstonejs/core';
import type * as CornerstoneTools from '@cornerstonejs/tools';

export interface Cornerstone {
  core: typeof CornerstoneCore;
  tools: typeof CornerstoneTools;
}

/** A DICOM instance as OHIF keeps it: naturalized by dcmjs. */
export interface Instance {
  SOPInstanceUID: string;
  SOPClassUID: string;
  [keyword: string]: unknown;
}

export interface DisplaySet {
  displaySetInstanceUID: string;
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SeriesDescription?: string;
  Modality: string;
  imageIds?: string[];
  instances?: Instance[];
  /** For a segmentation: the instance it was read from. */
  instance?: Instance;
  images?: Instance[];
  numImageFrames?: number;
}

export interface Subscription {
  unsubscribe(): void;
}

interface PubSub {
  EVENTS: Record<string, string>;
  subscribe(event: string, callback: (detail: never) => void): Subscription;
}

export interface ViewportGridService extends PubSub {
  getActiveViewportId(): string | null;
  setActiveViewportId(viewportId: string): void;
  getState(): {
    activeViewportId: string | null;
    viewports: Map<string, { displaySetInstanceUIDs: string[] }>;
  };
}

export interface DisplaySetService extends PubSub {
  getDisplaySetByUID(uid: string): DisplaySet | undefined;
  getActiveDisplaySets(): DisplaySet[];
}

export interface SegmentationService extends PubSub {
  getActiveSegmentation(viewportId: string): CornerstoneTools.Types.Segmentation | undefined;
  getActiveSegment(viewportId: string): CornerstoneTools.Types.Segment | undefined;
  getSegmentation(segmentationId: string): CornerstoneTools.Types.Segmentation | undefined;
  setActiveSegment(segmentationId: string, segmentIndex: number): void;
  setActiveSegmentation?(viewportId: string, segmentationId: string): void;
  getSegmentationRepresentations?(
    viewportId: string,
  ): { segmentationId: string; label: string; type: string }[];
  addSegment(
    segmentationId: string,
    config?: { segmentIndex?: number; label?: string; active?: boolean },
  ): void;
  /** `skipRecordingHistory` makes no undo step. Versions before 3.13 never make one. */
  removeSegment?(
    segmentationId: string,
    segmentIndex: number,
    options?: { skipRecordingHistory?: boolean },
  ): void;
  remove?(segmentationId: string): void;
  setSegmentLabel?(segmentationId: string, segmentIndex: number, label: string): void;
  setSegmentColor(
    viewportId: string,
    segmentationId: string,
    segmentIndex: number,
    color: [number, number, number, number],
  ): void;
  getSegmentColor(
    viewportId: string,
    segmentationId: string,
    segmentIndex: number,
  ): [number, number, number, number];
}

export interface NotificationService {
  show(notification: {
    title: string;
    message: string;
    type?: 'success' | 'error' | 'info' | 'warning';
    duration?: number;
  }): void;
}

export interface ToolbarService {
  sections?: Record<string, string>;
  register(buttons: unknown[]): void;
  addButtons?(buttons: unknown[]): void;
  updateSection?(section: string, buttonIds: string[]): void;
  createButtonSection?(section: string, buttonIds: string[]): void;
  getButtonSection(section: string): ({ id: string } | string)[] | undefined;
  refreshToolbarState(props: { viewportId: string | null }): void;
}

export interface PanelService {
  activatePanel(panelId: string, forceActive?: boolean): void;
  getPanels?(position: 'left' | 'right'): { id: string }[];
}

export interface CustomizationService {
  setCustomizations(customizations: Record<string, unknown>, scope?: string): void;
}

export interface DataSource {
  store?: { dicom?(dataset: unknown, ...rest: unknown[]): Promise<unknown> };
  retrieve?: {
    series?: {
      metadata?(query: {
        StudyInstanceUID: string;
        filters?: { seriesInstanceUID?: string | string[] };
        madeInClient?: boolean;
      }): Promise<unknown>;
    };
  };
}

export interface Services {
  viewportGridService: ViewportGridService;
  displaySetService: DisplaySetService;
  segmentationService: SegmentationService;
  uiNotificationService: NotificationService;
  toolbarService: ToolbarService;
  panelService: PanelService;
  customizationService: CustomizationService;
  userAuthenticationService?: { getAuthorizationHeader?(): Record<string, string> };
}

export interface ExtensionManager {
  getModuleEntry(id: string): { exports?: unknown; component?: unknown } | undefined;
  getActiveDataSource(): DataSource[];
}

export interface CommandsManager {
  runCommand(name: string, options?: Record<string, unknown>): unknown;
}

/** What OHIF passes to every function of an extension. */
export interface ExtensionContext {
  servicesManager: { services: Services };
  extensionManager: ExtensionManager;
  commandsManager: CommandsManager;
}

/**
 * The viewer's own copy of cornerstone. A second copy would have an empty cache.
 *
 * @throws Error if the cornerstone extension is not registered
 */
export function cornerstoneOf(extensionManager: ExtensionManager): Cornerstone {
  const common = extensionManager.getModuleEntry('@ohif/extension-cornerstone.utilityModule.common')
    ?.exports as
    | {
        getCornerstoneLibraries(): {
          cornerstone: typeof CornerstoneCore;
          cornerstoneTools: typeof CornerstoneTools;
        };
      }
    | undefined;
  if (!common) {
    throw new Error('Few-shot SAM needs @ohif/extension-cornerstone, which this viewer lacks.');
  }
  const { cornerstone, cornerstoneTools } = common.getCornerstoneLibraries();
  return { core: cornerstone, tools: cornerstoneTools };
}
