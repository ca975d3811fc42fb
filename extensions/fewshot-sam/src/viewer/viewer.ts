import { FewshotError, type Mask, type Slice } from 'fewshot-sam';
import type { Types as ToolTypes } from '@cornerstonejs/tools';
import type { Cornerstone, ExtensionContext, Instance } from '../host/ohif';
import { periodicYield } from './yieldToBrowser';
import { digestLabels, type MaskDigest } from './maskDigest';
import { isLabelmapOf, labelsOf, readMask, segmentLabelmap } from './labelmap';
import type { SegmentLabelmap, ViewerSegment } from './labelmap';
import { crossedDigest, reslicedLabelmap, forgetMarks, guarded } from './reslicedLabelmap';
import { DrawingTools } from './drawingTools';
import { DrawnContours } from './drawnContours';
import { isContours } from './contourOutlines';
import { keepPanelOpen, showPanel } from './panelTab';
import { followViewer } from './followViewer';
import { cachedReslicedSlice, loadReslicedSlice } from './loadReslicedSlice';
import { loadSlice } from './loadSlice';
import { labelmapFor, type LabelmapFor, type WantedLabelmap } from './labelmapFor';
import { addSegment, removeMade, type MadeSegment } from './madeSegment';
import { planeAlong } from './planeShown';
import { PreviewLayer, type Preview } from './previewLayer';
import { acquiredPlane, resliceObstacle, resliceSeries } from './reslice';
import { NO_SERIES, seriesOf, sourceOf, type Series } from './series';
import { segmentationFor } from './segmentationFor';
import { segmentColor, shownSegmentations, type ShownSegmentation } from './segmentations';
import {
  currentSlice,
  displayedRange,
  displayedWindow,
  goToSlice,
  type DisplayedWindow,
  type ImageViewport,
} from './viewport';
import { pushStep, writeMasks, type MaskWrite, type OnHistory } from './writeMasks';

/** Part of the session's records that the viewer uses. */
interface ViewerRecords {
  segment(segment: Pick<SegmentLabelmap, 'segmentationId' | 'segmentIndex'>): {
    /** It was outlined on slices of a plane other than the acquired one. */
    isOutlinedAcross: boolean;
  };
}

/** Access to the viewer: the series in the active viewport and its segmentation. */
export class Viewer {
  private readonly previewLayer: PreviewLayer;
  private readonly contours: DrawnContours;
  private stopAdding: () => void = () => undefined;
  readonly tools: DrawingTools;

  constructor(
    private readonly context: ExtensionContext,
    private readonly cornerstone: Cornerstone,
    private readonly records: ViewerRecords,
  ) {
    this.previewLayer = new PreviewLayer(cornerstone.core);
    this.contours = new DrawnContours(cornerstone, id => this.openedInstance(id));
    this.tools = new DrawingTools(
      context.commandsManager,
      cornerstone,
      () => this.activeViewportId(),
      () => this.displayedWindow(),
      () => isContours(this.segmentation()),
    );
  }

  private get services() {
    return this.context.servicesManager.services;
  }

  private activeViewportId(): string | null {
    return this.services.viewportGridService.getActiveViewportId();
  }

  private activeViewport(): ImageViewport | null {
    const id = this.activeViewportId();
    const enabled = id ? this.cornerstone.core.getEnabledElementByViewportId(id) : undefined;
    const viewport = enabled?.viewport as ImageViewport | undefined;
    return viewport && 'getCurrentImageIdIndex' in viewport ? viewport : null;
  }

  /**
   * The series in the active viewport.
   *
   * @throws FewshotError if there is none, or it cannot be propagated through
   */
  series(): Series {
    const id = this.activeViewportId();
    const uids = id
      ? (this.services.viewportGridService.getState().viewports.get(id)?.displaySetInstanceUIDs ??
        [])
      : [];
    const displaySets = uids.flatMap(
      uid => this.services.displaySetService.getDisplaySetByUID(uid) ?? [],
    );
    const images = displaySets.find(set => !['SEG', 'RTSTRUCT', 'SR', 'PR'].includes(set.Modality));
    if (!images) {
      throw new FewshotError('bad-input', NO_SERIES.message, NO_SERIES.remedy);
    }
    return this.inShownPlane(seriesOf(images, this.cornerstone.core));
  }

  /**
   * The series resliced along the plane that the active viewport shows, or as acquired if it shows that
   * plane or an oblique one.
   *
   * @throws FewshotError `bad-geometry` if the series cannot be resliced
   */
  private inShownPlane(acquired: Series): Series {
    const viewport = this.activeViewport();
    const normal =
      viewport && 'getAllVolumeIds' in viewport && viewport.getCamera().viewPlaneNormal;
    if (!normal) return acquired;
    const name = planeAlong(acquired, normal);
    if (name === acquiredPlane(acquired)) return acquired;
    const obstacle = resliceObstacle(acquired);
    if (obstacle) throw new FewshotError('bad-geometry', obstacle.message, obstacle.remedy);
    return name ? resliceSeries(acquired, name) : acquired;
  }

  segmentation(): ToolTypes.Segmentation | null {
    const id = this.activeViewportId();
    return (id && this.services.segmentationService.getActiveSegmentation(id)) || null;
  }

  shownSegmentations(): ShownSegmentation[] {
    const id = this.activeViewportId();
    return id ? shownSegmentations(this.services.segmentationService, id) : [];
  }

  selectSegmentation(segmentationId: string): void {
    const id = this.activeViewportId();
    if (id) this.services.segmentationService.setActiveSegmentation?.(id, segmentationId);
  }

  segmentationExists(segmentationId: string): boolean {
    return Boolean(this.services.segmentationService.getSegmentation(segmentationId));
  }

  /** Indices of the segments that the viewer lists; null when the segmentation is gone. */
  segmentIndices(segmentationId: string): number[] | null {
    const segmentation = this.services.segmentationService.getSegmentation(segmentationId);
    return segmentation
      ? Object.values(segmentation.segments).flatMap(segment => segment?.segmentIndex ?? [])
      : null;
  }

  /**
   * Activates a viewport that shows the series. The viewer may take a moment.
   *
   * @returns false if none shows it
   */
  activate(series: Series): boolean {
    const { displaySetInstanceUID } = sourceOf(series);
    const { viewportGridService } = this.services;
    for (const [id, { displaySetInstanceUIDs }] of viewportGridService.getState().viewports) {
      if (!displaySetInstanceUIDs?.includes(displaySetInstanceUID)) continue;
      viewportGridService.setActiveViewportId(id);
      return true;
    }
    return false;
  }

  /** Shows our panel again: the viewer opens its own when a segmentation is added. */
  showPanel(): void {
    showPanel(this.services);
  }

  /**
   * Whether a segmentation was loaded from the archive: its id is then that of a display set. Since OHIF
   * 3.13, one made here has a display set too, but without a series.
   */
  isFromArchive(segmentationId: string): boolean {
    const displaySet = this.services.displaySetService.getDisplaySetByUID(segmentationId);
    return Boolean(displaySet?.SeriesInstanceUID);
  }

  /** Metadata of the DICOM SEG that a segmentation was loaded from; null if it was made here. */
  openedInstance(segmentationId: string): Instance | null {
    const displaySet = this.services.displaySetService.getDisplaySetByUID(segmentationId);
    return displaySet?.instance ?? displaySet?.instances?.[0] ?? null;
  }

  /** See `segmentationFor`. */
  segmentationFor(
    labels: string[],
    use: ToolTypes.Segmentation | null,
    series: Series,
  ): Promise<ToolTypes.Segmentation> {
    const isOfSeries = (each: ToolTypes.Segmentation) => this.isOfSeries(each, series);
    const empty = isContours(use) ? null : use;
    return segmentationFor(labels, empty, isOfSeries, this, this.services.segmentationService);
  }

  private isOfSeries(segmentation: ToolTypes.Segmentation, series: Series): boolean {
    return isLabelmapOf(this.cornerstone.core, segmentation, sourceOf(series));
  }

  /** See `labelmapFor`. */
  labelmapFor(wanted: WantedLabelmap, series: Series): Promise<LabelmapFor> {
    const newId = this.cornerstone.core.utilities.uuidv4();
    return labelmapFor(this.context, wanted, series, newId, each => this.isOfSeries(each, series));
  }

  removeSegmentation(segmentationId: string): void {
    this.services.segmentationService.remove?.(segmentationId);
  }

  segments(segmentation: ToolTypes.Segmentation): ViewerSegment[] {
    const viewportId = this.activeViewportId();
    const active = viewportId
      ? this.services.segmentationService.getActiveSegment(viewportId)?.segmentIndex
      : undefined;
    const colorOf = (segmentIndex: number) =>
      segmentColor(this.services.segmentationService, viewportId, {
        segmentationId: segmentation.segmentationId,
        segmentIndex,
      });
    return Object.values(segmentation.segments)
      .filter(segment => segment && segment.segmentIndex > 0)
      .map(segment => {
        return {
          segmentIndex: segment.segmentIndex,
          label: segment.label,
          color: colorOf(segment.segmentIndex),
          locked: Boolean(segment.locked),
          active: segment.segmentIndex === active,
        };
      });
  }

  labelmap(
    segmentation: ToolTypes.Segmentation,
    segmentIndex: number,
    series: Series,
  ): SegmentLabelmap {
    const { core } = this.cornerstone;
    const { reslice } = series;
    if (isContours(segmentation)) return this.contours.labelmap(segmentation, segmentIndex, series);
    if (reslice) {
      return reslicedLabelmap(
        segmentLabelmap(core, segmentation, segmentIndex, reslice.source),
        reslice,
      );
    }
    const labelmap = segmentLabelmap(core, segmentation, segmentIndex, series);
    return this.records.segment(labelmap).isOutlinedAcross ? guarded(labelmap) : labelmap;
  }

  /** Forgets which voxels propagations filled: the segment is new, under the index of a removed one. */
  forgetMarks(labelmap: SegmentLabelmap): void {
    forgetMarks(labelmap);
  }

  readMask(labelmap: SegmentLabelmap, sliceIndex: number): Mask | null {
    return readMask(labelmap, sliceIndex);
  }

  /**
   * Digest of every segment on every slice. Yields so that the main thread stays free.
   *
   * @returns segment index -> slice index -> digest, without empty slices
   */
  async scan(labelmaps: SegmentLabelmap[]): Promise<Map<number, Map<number, MaskDigest>>> {
    const found = new Map(
      labelmaps.map(({ segmentIndex, contours }) => [segmentIndex, new Map(contours?.digests)]),
    );
    const count = labelmaps[0]?.voxels.length ?? 0;
    const yieldIfDue = periodicYield();
    for (let sliceIndex = 0; sliceIndex < count; sliceIndex++) {
      const digests = new Map<unknown, Map<number, MaskDigest>>();
      for (const labelmap of labelmaps) {
        if (labelmap.contours) continue;
        const voxels = labelmap.voxels[sliceIndex];
        const labels = labelsOf(labelmap, sliceIndex);
        if (!labels) continue;
        // Segments of one layer share their voxels, so one pass covers them all.
        let onSlice = digests.get(voxels);
        if (!onSlice) digests.set(voxels, (onSlice = digestLabels(labels)));
        const digest = onSlice.get(labelmap.labelValue);
        if (!digest) continue;
        const { reslice, isCrossed, segmentIndex } = labelmap;
        const seen = reslice || isCrossed ? crossedDigest(labelmap, sliceIndex, digest) : digest;
        if (reslice && !seen.isCrossed) this.records.segment(labelmap).isOutlinedAcross = true;
        found.get(segmentIndex)?.set(sliceIndex, seen);
      }
      await yieldIfDue();
    }
    return found;
  }

  /** @param signal stops loading: a slice of another plane needs all images of the series */
  async loadSlice(series: Series, index: number, signal?: AbortSignal): Promise<Slice> {
    return series.reslice
      ? loadReslicedSlice(this.cornerstone.core, series, series.reslice, index, signal)
      : loadSlice(this.cornerstone.core, series, index);
  }

  /**
   * Pixels of a slice if they are in the viewer's cache, in the units of `displayedWindow`; else null.
   */
  cachedSlice(series: Series, index: number): ArrayLike<number> | null {
    const { reslice } = series;
    if (reslice) return cachedReslicedSlice(this.cornerstone.core, series, reslice, index);
    const image = this.cornerstone.core.cache.getImage(series.imageIds[index]);
    return image
      ? ((image.voxelManager?.getScalarData() ?? image.getPixelData()) as ArrayLike<number>)
      : null;
  }

  /** See `displayedWindow` in `./viewport`. */
  displayedWindow(): DisplayedWindow | null {
    return displayedWindow(this.activeViewport());
  }

  /** Intensity range that the active viewport displays, in modality units: Bq/ml where it shows SUV. */
  displayedRange(): { low: number; high: number } | null {
    return displayedRange(this.cornerstone.core, this.activeViewport());
  }

  /** Index of the slice shown in the active viewport; null in a plane other than that of the series. */
  currentSlice(series: Series): number | null {
    return currentSlice(this.activeViewport(), series);
  }

  goToSlice(series: Series, index: number): void {
    goToSlice(this.cornerstone.core, this.activeViewport(), series, index);
  }

  selectSegment(segmentIndex: number): void {
    const { segmentationId: id } = this.segmentation() ?? {};
    if (id) this.services.segmentationService.setActiveSegment(id, segmentIndex);
  }

  /** Adds a segment, or a segmentation where there is none yet. */
  addSegment(): void {
    const { segmentationId } = this.segmentation() ?? {};
    if (segmentationId) {
      this.stopAdding = addSegment(this.services.segmentationService, segmentationId);
    } else {
      this.createSegmentation();
      keepPanelOpen(this.services);
    }
    this.tools.takeBrush();
  }

  /** Adds a segmentation with one segment. It appears some time later. */
  createSegmentation(): void {
    this.context.commandsManager.runCommand('createLabelmapForViewport', {
      viewportId: this.activeViewportId(),
      options: { createInitialSegment: true },
    });
  }

  /** Removes the empty segment that `addSegment` added last. */
  removeMade(made: MadeSegment): void {
    this.stopAdding();
    removeMade(this.services.segmentationService, made);
  }

  /** Sets the name and color of a segment. */
  nameSegment(segmentIndex: number, label: string, color: [number, number, number]): void {
    const viewportId = this.activeViewportId();
    const segmentation = this.segmentation();
    if (!viewportId || !segmentation) return;
    const { segmentationId } = segmentation;
    this.renameSegment(segmentIndex, label);
    const { segmentationService } = this.services;
    segmentationService.setSegmentColor(viewportId, segmentationId, segmentIndex, [...color, 255]);
  }

  /** Renames a segment. @returns false if this viewer cannot */
  renameSegment(segmentIndex: number, label: string): boolean {
    const segmentation = this.segmentation();
    const { segmentationService } = this.services;
    if (!segmentation || !segmentationService.setSegmentLabel) return false;
    segmentationService.setSegmentLabel(segmentation.segmentationId, segmentIndex, label);
    return true;
  }

  /** See `writeMasks`. */
  write(writes: MaskWrite[], onHistory: OnHistory): ReturnType<typeof writeMasks> {
    return writeMasks(this.cornerstone, writes, onHistory);
  }

  /** Adds a step to the viewer's undo history that changes no voxel. */
  remember = (onHistory: OnHistory) => pushStep(this.cornerstone, onHistory);

  /** Shows predictions over the viewports, outside any segmentation; null removes them. */
  showPreview(preview: Preview | null): void {
    this.previewLayer.show(preview);
  }

  /** See `followViewer`. */
  subscribe(onChange: (what: 'labels' | 'view') => void): () => void {
    return followViewer(this.cornerstone, this.services, onChange);
  }
}
