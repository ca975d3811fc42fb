import { FewshotError } from 'fewshot-sam';
import { predecessorOf } from 'fewshot-sam-dicom';
import { storingDataSource } from '../dicom/dataSource';
import { loadOpenedFile } from '../dicom/loadOpenedFile';
import { downloadSegmentation, segmentationFileName } from '../dicom/downloadSegmentation';
import type { LoadDicomSeg } from '../dicom/loadDicomSeg';
import { showStoredSeries } from '../dicom/showStoredSeries';
import { storeSegmentation, type StoreProgress } from '../dicom/storeSegmentation';
import type { ExtensionContext } from '../host/ohif';
import { sourceOf } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { MaskWrite } from '../viewer/writeMasks';
import type { Collected, CollectedSegment } from './collect';
import { Encoding } from './encoding';
import { givenSlices, OpenedSegmentations } from './opened';
import type { SegmentationRecords } from './segmentationRecords';
import { correctionObstacle, mayBeMisread, StoredOutlines } from './storedOutlines';
import type { SegmentSlices } from './fewshotSet';
import { browserStorage } from './browserStorage';
import { ReportStorage } from './reportStorage';
import { SegmentTermMemory } from './segmentTerms';
import type { Obstacle } from './state';
import { formatOf, StoreOptionMemory } from './storeOptions';

/** Stores or downloads the active segmentation, and tracks segmentations opened from the archive. */
export class Archive {
  /** SNOMED CT terms of the segments. */
  readonly terms: SegmentTermMemory;
  readonly storeOptions = new StoreOptionMemory(browserStorage());
  /** Contents of opened files that the viewer may have read wrong. */
  readonly stored: StoredOutlines;
  /** Stores measurement reports. */
  readonly reports: ReportStorage;
  private readonly opened: OpenedSegmentations;
  private readonly encoding: Encoding;
  private onNoted: () => void = () => undefined;

  constructor(
    private readonly context: ExtensionContext,
    viewer: Viewer,
    private readonly records: SegmentationRecords,
    private readonly loadDicomSeg: LoadDicomSeg,
  ) {
    const loadFile = (segmentationId: string) => loadOpenedFile(context, segmentationId);
    this.terms = new SegmentTermMemory(browserStorage(), records);
    this.opened = new OpenedSegmentations(viewer, loadDicomSeg, records);
    this.stored = new StoredOutlines(viewer, loadFile, loadDicomSeg, records);
    this.encoding = new Encoding({
      ...{ viewer, records, loadDicomSeg },
      ...{ opened: this.opened, terms: this.terms, storeOptions: this.storeOptions },
      describeOpened: collected => this.describeOpened(collected),
      displaySets: () => context.servicesManager.services.displaySetService.getActiveDisplaySets(),
    });
    this.reports = new ReportStorage(context, loadDicomSeg, this.encoding);
  }

  /** Loads the code that `store` needs ahead of time. `store` reports a failure. */
  prepare(): void {
    void this.loadDicomSeg().catch(() => undefined);
  }

  /**
   * Captures a segmentation from the archive as it was when opened. Never throws.
   *
   * @param onNoted called when the descriptions of its segments were read, and again after a comparison
   *   with its file, if the viewer may have read that wrong
   */
  async noteOpened(collected: Collected, onNoted: () => void): Promise<void> {
    this.onNoted = onNoted;
    await this.opened.capture(collected);
    // Loading the reader takes a while, and only storing has to wait for it. The next look retries a failure.
    void this.describeOpened(collected).catch(() => undefined);
  }

  /** @throws FewshotError when the code that reads segmentations cannot be loaded */
  private async describeOpened(collected: Collected): Promise<void> {
    const captured = await this.opened.capture(collected);
    if (!captured || !(await this.opened.note(collected))) return;
    const { segmentationId } = collected.segmentation!;
    for (const [segmentIndex, { label }] of captured.segments) {
      const description = this.opened.segment(segmentationId, segmentIndex)?.description;
      if (description) this.terms.open(segmentationId, segmentIndex, label, description);
    }
    this.onNoted();
    if (!mayBeMisread(captured.instance)) return;
    const shown = [...captured.segments.keys()].flatMap(segmentIndex => {
      const slices = this.opened.segment(segmentationId, segmentIndex)?.slices;
      return slices ? [[segmentIndex, slices] as const] : [];
    });
    // Fetching the file takes a while; nothing waits for it.
    void this.stored
      .compare(segmentationId, sourceOf(collected.series!), new Map(shown))
      .then(this.onNoted);
  }

  /**
   * Records that the outlines were restored from the file.
   *
   * @returns which slices still differ from the file; null when none does
   */
  noteAsStored(writes: readonly MaskWrite[], written: readonly SegmentSlices[]): Obstacle | null {
    const { segmentationId } = writes[0].labelmap;
    const right = this.stored.right(segmentationId);
    this.opened.correct(segmentationId, right);
    return correctionObstacle(right, writes, written);
  }

  /** Whether the segmentation shown was opened from the archive and has changed since. */
  isCorrected(collected: Collected): boolean {
    return this.opened.isChanged(collected);
  }

  /** Slices of a segment that its stored segmentation brought and nobody changed. */
  given(collected: Collected, { segmentIndex, slices }: CollectedSegment): number[] {
    const { segmentation, series } = collected;
    if (!segmentation || !series) return [];
    const before = this.opened.segment(segmentation.segmentationId, segmentIndex)?.slices;
    const other = this.isCorrected(collected) ? 'other, changed' : 'other, unchanged';
    return givenSlices(slices, before, series.reslice ? other : 'acquired');
  }

  /** Whether the active data source takes STOW-RS. */
  canStore(): boolean {
    return storingDataSource(this.context.extensionManager) !== null;
  }

  /**
   * Stores every segment that has voxels as a new series in the archive. If nothing changed since the last
   * attempt, it sends the same instance again, so there is never a second copy.
   *
   * @returns the description of the new series, and whether a search of the archive found it
   * @throws FewshotError when there is nothing to store, or the archive does not store it; `cancelled`
   */
  async store(
    collected: Collected,
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
    const kept = await this.encoding.encode(collected, signal);
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
    // The archive has it under UIDs of its own. Sending it again would make a second copy.
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
    if (segmentationId) {
      this.records.of(segmentationId).lastStored.set(formatOf(dataset), predecessorOf(dataset));
    }
    // It is stored: the user need not wait until the viewer lists it.
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
   * Downloads what `store` would store; after a failed attempt, that very file.
   *
   * @throws FewshotError when there is nothing to store
   */
  async download(collected: Collected): Promise<void> {
    const { file, dataset } = await this.encoding.encode(collected);
    downloadSegmentation(file, segmentationFileName(new Date(), formatOf(dataset)));
  }

  /** Explains an error to the user. */
  explain(error: unknown): Obstacle {
    if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
    return {
      message: `The file could not be created (${error instanceof Error ? error.message : String(error)}).`,
      remedy: 'Try again; the segmentation in the viewer is unchanged.',
    };
  }
}
