import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import type { Segment } from 'fewshot-sam-dicom/createSegmentation';
import { newUid } from 'fewshot-sam-dicom/newUid';
import { predecessorOf, type Predecessor } from 'fewshot-sam-dicom/references';
import type { Tracking } from 'fewshot-sam-dicom/segmentSequence';
import { nextSeriesNumber, seriesDescription } from 'fewshot-sam-dicom/seriesNaming';
import { storingDataSource } from '../dicom/dataSource';
import { loadOpenedFile } from '../dicom/loadOpenedFile';
import { downloadSegmentation, segmentationFileName } from '../dicom/downloadSegmentation';
import type { DicomSeg, LoadDicomSeg } from '../dicom/loadDicomSeg';
import { codesRead, isSpecific, segmentCodes, termRead } from '../dicom/segmentCodes';
import { showStoredSeries } from '../dicom/showStoredSeries';
import { storeSegmentation, type StoreProgress } from '../dicom/storeSegmentation';
import type { ExtensionContext } from '../host/ohif';
import { breather } from '../viewer/breathe';
import { sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { MaskWrite } from '../viewer/writeMasks';
import { digestsOf, provenanceOf } from './algorithmType';
import type { Collected, PredictedSlices } from './collect';
import { fingerprint, KeptFiles, type KeptFile } from './keptFiles';
import { isNamed, isStill, OpenedSegmentations, type OpenedSegment } from './opened';
import { correctionObstacle, mayBeMisread, StoredOutlines } from './storedOutlines';
import type { SegmentSlices } from './fewshotSet';
import { browserStorage, SegmentTermMemory } from './segmentTerms';
import type { Obstacle } from './state';
import { SEGMENTATION_TYPES, StoreOptionMemory } from './storeOptions';

const PLANES = ['axial', 'coronal', 'sagittal'] as const;

/** Turns the active segmentation into a DICOM SEG and stores or downloads it. */
export class Archive {
  /** `segmentationId/segmentIndex` of segments that a task found, without any outline here. */
  readonly foundByTask = new Set<string>();
  /** What each segment is in SNOMED CT, as the SEG says it. */
  readonly terms = new SegmentTermMemory(browserStorage());
  readonly storeOptions = new StoreOptionMemory(browserStorage());
  private readonly kept = new KeptFiles();
  /** What the files hold that segmentations were opened from, where the viewer may read them wrong. */
  readonly stored: StoredOutlines;
  private readonly opened: OpenedSegmentations;
  /** By segmentation: what was last stored of it. */
  private readonly lastStored = new Map<string, Predecessor>();
  /** By segmentation and segment, of those that were made here. */
  private readonly trackings = new Map<string, Tracking>();
  private onNoted: () => void = () => undefined;

  constructor(
    private readonly context: ExtensionContext,
    private readonly viewer: Viewer,
    private readonly loadDicomSeg: LoadDicomSeg,
  ) {
    this.opened = new OpenedSegmentations(viewer, loadDicomSeg);
    this.stored = new StoredOutlines(viewer, id => loadOpenedFile(context, id), loadDicomSeg);
  }

  /** Loads what `store` needs, so that it is there by then. A failure is reported by `store`. */
  prepare(): void {
    void this.loadDicomSeg().catch(() => undefined);
  }

  /**
   * Captures what a segmentation of the archive was when it was opened. Never throws.
   *
   * @param onNoted told when it was read what the segmentation says of its segments, and again when it was
   *   compared with its file, where the viewer may have read that wrong
   */
  async noteOpened(collected: Collected, onNoted: () => void): Promise<void> {
    this.onNoted = onNoted;
    await this.opened.capture(collected);
    // Loading what reads it takes a while: only storing waits for it. If that fails, the next look tries again.
    void this.describeOpened(collected).catch(() => undefined);
  }

  /** @throws FewshotError when the code that reads a segmentation cannot be loaded */
  private async describeOpened(collected: Collected): Promise<void> {
    const captured = await this.opened.capture(collected);
    if (!captured || !(await this.opened.note(collected))) return;
    const { segmentationId } = collected.segmentation!;
    for (const [segmentIndex, { label }] of captured.segments) {
      const description = this.opened.segment(segmentationId, segmentIndex)?.description;
      if (!description || !isSpecific(description)) continue;
      this.terms.open(segmentationId, segmentIndex, label, termRead(description)?.id ?? null);
    }
    this.onNoted();
    if (!mayBeMisread(captured.instance)) return;
    const shown = [...captured.segments.keys()].flatMap(segmentIndex => {
      const slices = this.opened.segment(segmentationId, segmentIndex)?.slices;
      return slices ? [[segmentIndex, slices] as const] : [];
    });
    // Fetching the file takes a while: nobody waits for it.
    void this.stored
      .compare(segmentationId, sourceOf(collected.series!), new Map(shown))
      .then(this.onNoted);
  }

  /**
   * The outlines are those of the file now, as far as the viewer took them.
   *
   * @returns what keeps them from being all of it
   */
  noteAsStored(writes: readonly MaskWrite[], written: readonly SegmentSlices[]): Obstacle | null {
    const { segmentationId } = writes[0].labelmap;
    const right = this.stored.right(segmentationId);
    this.opened.correct(segmentationId, right);
    return correctionObstacle(right, writes, written);
  }

  /** Whether what is shown was opened from the archive, and is another now. */
  isCorrected(collected: Collected): boolean {
    return this.opened.isChanged(collected);
  }

  /** Whether the active data source takes STOW-RS. */
  canStore(): boolean {
    return storingDataSource(this.context.extensionManager) !== null;
  }

  /**
   * Stores every segment that has voxels, as they are now, as a new series in the archive. When nothing
   * changed since the last time, it is the same instance again, so that there is never a second copy.
   *
   * @returns the description of the new series, and whether a search in the archive found it
   * @throws FewshotError when there is nothing to store, or the archive does not store it; `cancelled`
   */
  async store(
    collected: Collected,
    predicted: PredictedSlices,
    onProgress: (progress: StoreProgress) => void,
    signal: AbortSignal,
  ): Promise<{ seriesDescription: string; confirmed: boolean; hasOtherUids?: true }> {
    const dataSource = storingDataSource(this.context.extensionManager);
    if (!dataSource) {
      throw new FewshotError(
        'bad-input',
        'This data source cannot store.',
        'Download the segmentation instead.',
      );
    }
    const { displaySetService, userAuthenticationService } = this.context.servicesManager.services;
    const kept = await this.encode(collected, predicted, signal);
    const { dataset, file, sent: sentBefore } = kept;
    const instance = {
      StudyInstanceUID: String(dataset.StudyInstanceUID),
      SeriesInstanceUID: String(dataset.SeriesInstanceUID),
      SOPInstanceUID: String(dataset.SOPInstanceUID),
      SeriesDescription: String(dataset.SeriesDescription),
      SeriesDate: String(dataset.SeriesDate),
      SeriesTime: String(dataset.SeriesTime),
    };
    const seriesDescription = String(dataset.SeriesDescription);
    // The archive has it, but not under UIDs by which it could be found: sent again, it would be a copy.
    if (kept.hasOtherUids) return { seriesDescription, confirmed: true, hasOtherUids: true };
    kept.sent = true;
    const stored = await storeSegmentation(dataSource, file, instance, {
      authorization: () => userAuthenticationService?.getAuthorizationHeader?.() ?? {},
      sentBefore,
      signal,
      onProgress,
    });
    if (typeof stored === 'object') {
      kept.stored = true;
      kept.hasOtherUids = true;
      const SeriesInstanceUID = stored.SeriesInstanceUID;
      if (SeriesInstanceUID) {
        const { StudyInstanceUID } = instance;
        void showStoredSeries(dataSource, { StudyInstanceUID, SeriesInstanceUID }, () =>
          displaySetService
            .getActiveDisplaySets()
            .some(displaySet => displaySet.SeriesInstanceUID === SeriesInstanceUID),
        );
      }
      return { seriesDescription, confirmed: true, hasOtherUids: true };
    }
    kept.stored = stored === 'confirmed';
    const segmentationId = collected.segmentation?.segmentationId;
    if (segmentationId) this.lastStored.set(segmentationId, predecessorOf(dataset));
    // Stored is stored: the user need not wait until the viewer lists it.
    void showStoredSeries(dataSource, instance, () =>
      displaySetService
        .getActiveDisplaySets()
        .some(displaySet => displaySet.SeriesInstanceUID === instance.SeriesInstanceUID),
    );
    return {
      seriesDescription,
      confirmed: stored === 'confirmed',
    };
  }

  /**
   * Downloads what `store` would store: after a failure the very file that was not stored.
   *
   * @throws FewshotError when there is nothing to store
   */
  async download(collected: Collected, predicted: PredictedSlices): Promise<void> {
    const { file } = await this.encode(collected, predicted);
    downloadSegmentation(file, segmentationFileName(new Date()));
  }

  /** An error in the user's words. */
  explain(error: unknown): Obstacle {
    if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
    return {
      message: `The DICOM SEG could not be made (${error instanceof Error ? error.message : String(error)}).`,
      remedy: 'Try again; the segmentation in the viewer is unchanged.',
    };
  }

  private async encode(
    collected: Collected,
    predicted: PredictedSlices,
    signal?: AbortSignal,
  ): Promise<KeptFile> {
    const { segmentation } = collected;
    // Segments are stored on the slices that were acquired, whatever plane they were drawn in.
    const series = collected.series && sourceOf(collected.series);
    const { unstored } = this.kept;
    // Nothing is left of it but the file.
    if (unstored && !this.exists(segmentation)) return unstored;
    if (!series) {
      throw new FewshotError(
        'bad-input',
        'No series is shown in the active viewport.',
        'Click into the viewport with the series that was segmented.',
      );
    }
    const dicomSeg = await this.loadDicomSeg();
    await this.describeOpened(collected);
    throwIfCancelled(signal);
    const segments = await this.segments(series, collected, predicted, dicomSeg, signal);
    const { displaySetService } = this.context.servicesManager.services;
    const options = this.storeOptions.get();
    const current = fingerprint(series.displaySetInstanceUID, segments, options);
    const { segmentationId } = collected.segmentation!;
    return this.kept.get(segmentationId, current, () => {
      const dataset = dicomSeg.createSegmentation(series.instances, segments, {
        segmentationType: SEGMENTATION_TYPES[options.encoding],
        keepEmptyFrames: options.everySlice,
        predecessor: this.lastStored.get(segmentationId) ?? this.opened.reference(segmentationId),
        seriesDescription: seriesDescription(segments),
        seriesNumber: nextSeriesNumber(displaySetService.getActiveDisplaySets()),
      });
      return { dataset, file: dicomSeg.encodePart10(dataset) };
    });
  }

  private exists(
    segmentation: Collected['segmentation'],
  ): segmentation is NonNullable<Collected['segmentation']> {
    return segmentation !== null && this.viewer.segmentationExists(segmentation.segmentationId);
  }

  /** Segments with at least one voxel, read from the viewer now. */
  private async segments(
    series: Series,
    { segmentation }: Collected,
    predicted: PredictedSlices,
    { longString }: DicomSeg,
    signal?: AbortSignal,
  ): Promise<Segment[]> {
    if (!this.exists(segmentation)) {
      throw new FewshotError(
        'bad-input',
        'There is no segmentation to store.',
        'Add a segment and outline the structure on at least one slice.',
      );
    }
    const breathe = breather();
    const segments: Segment[] = [];
    for (const { segmentIndex, label, color } of this.viewer.segments(segmentation)) {
      const labelmap = this.viewer.labelmap(segmentation, segmentIndex, series);
      const masks = new Map<number, Uint8Array>();
      for (let index = 0; index < series.imageIds.length; index++) {
        const mask = this.viewer.readMask(labelmap, index);
        if (mask?.includes(1)) masks.set(index, mask);
        await breathe();
        throwIfCancelled(signal);
      }
      if (!masks.size) continue;
      const { segmentationId } = segmentation;
      const opened = this.openedSegment(segmentationId, segmentIndex, label, masks);
      segments.push({
        label,
        color,
        masks,
        ...provenanceOf(masks, {
          found: predicted(segmentationId, segmentIndex),
          byTask: this.foundByTask.has(`${segmentationId}/${segmentIndex}`),
          isFoundAcross: PLANES.some(
            plane => predicted(segmentationId, segmentIndex, plane).size > 0,
          ),
          opened,
        }),
        ...this.codes(segmentationId, segmentIndex, label, opened),
        tracking:
          opened?.description.tracking ??
          this.tracking(segmentationId, segmentIndex, longString(label)),
        description: opened?.description.description,
      });
    }
    return segments;
  }

  private openedSegment(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    masks: Segment['masks'],
  ): OpenedSegment | undefined {
    const opened = this.opened.segment(segmentationId, segmentIndex);
    return opened && isStill(opened, label, digestsOf(masks)) ? opened : undefined;
  }

  /** What a segment is: by the term it has, else as it was opened, in codes that our list lacks. */
  private codes(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    opened: OpenedSegment | undefined,
  ): ReturnType<typeof segmentCodes> | undefined {
    const term = this.terms.termOf(segmentationId, segmentIndex, label)?.term;
    if (term) return segmentCodes(term.terms);
    if (!opened || !isNamed(opened.description, label)) return undefined;
    // A term of our list was shown, and taken away.
    return termRead(opened.description) ? undefined : codesRead(opened.description);
  }

  /** The same for a segment each time that it is stored. */
  private tracking(segmentationId: string, segmentIndex: number, name: string): Tracking {
    const key = `${segmentationId}/${segmentIndex}`;
    let tracking = this.trackings.get(key);
    if (!tracking) {
      tracking = { id: name || `Segment ${segmentIndex}`, uid: newUid() };
      this.trackings.set(key, tracking);
    }
    return tracking;
  }
}
