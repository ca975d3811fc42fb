import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import type { Archive } from './archive';
import type { Collected } from './collect';
import type { SegmentationRecords } from './segmentationRecords';
import type { StoreState } from './state';
import { contentsOf } from './storedContents';

const IDLE: StoreState = { state: 'idle' };

/** Stores or downloads, one at a time, and reports progress and outcome. */
export class StoreController {
  private controller: AbortController | null = null;
  private shown: StoreState = IDLE;

  /**
   * @param onState called with each new state to show
   * @param onStored called with what was stored; strokes made meanwhile are not in it
   */
  constructor(
    private readonly archive: Pick<
      Archive,
      'store' | 'download' | 'explain' | 'terms' | 'storeOptions'
    >,
    private readonly records: SegmentationRecords,
    private readonly onState: (store: StoreState) => void,
    private readonly onStored: (stored: Collected) => void,
  ) {}

  /** @param look reads the viewer, including the last stroke */
  async store(look: () => Promise<Collected>): Promise<void> {
    if (this.controller) return;
    const controller = new AbortController();
    this.controller = controller;
    this.show({ state: 'storing', step: { phase: 'making' } });
    let collected: Collected | null = null;
    let outcome: StoreState;
    try {
      collected = await look();
      // Note it now: the user may choose a term while it is sent.
      this.noteAttempt(collected);
      throwIfCancelled(controller.signal);
      const stored = await this.archive.store(
        collected,
        step => !controller.signal.aborted && this.show({ state: 'storing', step }),
        controller.signal,
      );
      outcome = { state: 'stored', ...stored, isChanged: false };
    } catch (error) {
      const isCancelled = error instanceof FewshotError && error.code === 'cancelled';
      outcome = isCancelled
        ? { state: 'stopped' }
        : { state: 'failed', ...this.archive.explain(error) };
    }
    this.controller = null;
    this.ended(collected, outcome);
    if (collected && outcome.state === 'stored') this.onStored(collected);
  }

  cancel(): void {
    if (!this.controller || this.controller.signal.aborted) return;
    this.show({ state: 'storing', step: { phase: 'stopping' } });
    this.controller.abort();
  }

  async download(collected: Collected): Promise<void> {
    try {
      await this.archive.download(collected);
    } catch (error) {
      this.noteAttempt(collected);
      this.ended(collected, { state: 'failed', ...this.archive.explain(error) });
    }
  }

  /** Records the contents of this attempt, so that later changes show. */
  private noteAttempt(collected: Collected): void {
    const { segmentation } = collected;
    if (!segmentation) return;
    this.records
      .of(segmentation.segmentationId)
      .attempted.note(collected, this.contents(collected));
  }

  private ended(collected: Collected | null, outcome: StoreState): void {
    if (collected?.segmentation) {
      this.records.of(collected.segmentation.segmentationId).storeOutcome = outcome;
    }
    this.show(outcome);
  }

  /** Updates the state shown: an outcome belongs to one segmentation, and to its contents at the attempt. */
  follow(collected: Collected): void {
    const { segmentation, obstacle } = collected;
    // The file of a segmentation that is gone can still be stored.
    if (this.controller || !segmentation || obstacle) return;
    const { storeOutcome: outcome, attempted } = this.records.of(segmentation.segmentationId);
    if (!outcome) return this.show(IDLE);
    const isChanged = !attempted.isSame(collected, this.contents(collected));
    if (outcome.state === 'stored') this.show({ ...outcome, isChanged });
    else this.show(isChanged ? IDLE : outcome);
  }

  private contents(collected: Collected): string {
    const { segmentation, segments } = collected;
    const terms = segments.map(({ segmentIndex, label }) => {
      const { segmentationId } = segmentation!;
      return this.archive.terms.termOf(segmentationId, segmentIndex, label)?.term.id ?? null;
    });
    return JSON.stringify([contentsOf(collected), terms, this.archive.storeOptions.get()]);
  }

  private show(store: StoreState): void {
    if (JSON.stringify(store) === JSON.stringify(this.shown)) return;
    this.shown = store;
    this.onState(store);
  }
}
