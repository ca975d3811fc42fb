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
import type { Collected } from './collect';
import { Encoding } from './encoding';
import { OpenedSegmentations } from './opened';
import type { SegmentationRecords } from './segmentationRecords';
import { correctionObstacle, mayBeMisread, StoredOutlines } from './storedOutlines';
import type { SegmentSlices } from './fewshotSet';
import { browserStorage } from './browserStorage';
import { SegmentTermMemory } from './segmentTerms';
import type { Obstacle } from './state';
import { StoreOptionMemory } from './storeOptions';

/** Stores or downloads the active segmentation, and follows those that were opened from the archive. */
export class Archive {
  /** What each segment is in SNOMED CT, as the SEG says it. */
  readonly terms: SegmentTermMemory;
  readonly storeOptions = new StoreOptionMemory(browserStorage());
  /** What the files hold that segmentations were opened from, where the viewer may read them wrong. */
  readonly stored: StoredOutlines;
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
      if (description) this.terms.open(segmentationId, segmentIndex, label, description);
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
    if (segmentationId) this.records.of(segmentationId).lastStored = predecessorOf(dataset);
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
  async download(collected: Collected): Promise<void> {
    const { file } = await this.encoding.encode(collected);
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
}
