import { FewshotError } from 'fewshot-sam';
import type { Collected } from './collect';
import { failureOf } from './failure';
import type { Measuring } from './measuring';
import type { ReportStorage } from './reportStorage';
import { NO_RESULTS, type ResultsSnapshot, type ResultsStore } from './results';
import { SnapshotStore } from './snapshotStore';
import type { ResultSummary, SessionSnapshot } from './state';
import { contentsOf } from './storedContents';

/** Measures the active segmentation, after a review or when asked, and stores reports. */
export class ResultsController implements ResultsStore {
  private readonly store = new SnapshotStore<ResultsSnapshot>(NO_RESULTS);
  private collected: Collected | null = null;
  /** Contents that are measured or being measured. */
  private key = '';
  private segmentationId: string | null = null;
  /** The user wants to see results of this segmentation. */
  private isOpen = false;
  private finished: ResultSummary | null = null;
  private measuringNow: AbortController | null = null;
  private storingNow: AbortController | null = null;

  constructor(
    private readonly measuring: Pick<Measuring, 'measure'>,
    private readonly reports: Pick<ReportStorage, 'store'>,
    private readonly session: Pick<SnapshotStore<SessionSnapshot>, 'get'>,
  ) {}

  getSnapshot = (): ResultsSnapshot => this.store.get();

  subscribe = (listener: () => void): (() => void) => this.store.subscribe(listener);

  dispose(): void {
    this.measuringNow?.abort();
    this.storingNow?.abort();
    this.store.dispose();
  }

  /** Call it each time the viewer was read. */
  follow(collected: Collected): void {
    const { status, result } = this.session.get();
    this.collected = collected;
    if (status !== 'collecting') return;
    const segmentationId = collected.segmentation?.segmentationId ?? null;
    const hasContent = collected.segments.some(({ slices }) => slices.size > 0);
    if (collected.obstacle || !collected.series || !hasContent) return this.close();
    if (segmentationId !== this.segmentationId) this.close();
    this.segmentationId = segmentationId;
    if (result && result !== this.finished) this.isOpen = true;
    this.finished = result;
    if (!this.isOpen) {
      if (this.store.get().state === 'none') this.store.update({ state: 'offered' });
      return;
    }
    const { displaySetInstanceUID, reslice } = collected.series;
    const key = JSON.stringify([displaySetInstanceUID, reslice?.plane.name, contentsOf(collected)]);
    if (key !== this.key) void this.run(collected, key);
  }

  private close(): void {
    this.measuringNow?.abort();
    this.key = '';
    this.segmentationId = null;
    this.isOpen = false;
    if (this.store.get() !== NO_RESULTS) this.store.update(NO_RESULTS);
  }

  measure(): void {
    this.isOpen = true;
    this.key = '';
    if (this.collected) this.follow(this.collected);
  }

  private async run(collected: Collected, key: string): Promise<void> {
    this.measuringNow?.abort();
    const controller = new AbortController();
    this.measuringNow = controller;
    this.key = key;
    this.store.update({ state: 'measuring', fraction: 0, failure: null });
    const isCurrent = () => this.measuringNow === controller && !controller.signal.aborted;
    try {
      const measured = await this.measuring.measure(
        collected,
        fraction => isCurrent() && this.store.update({ fraction }),
        controller.signal,
      );
      if (!isCurrent()) return;
      const isSame =
        JSON.stringify(measured.structures) === JSON.stringify(this.store.get().structures);
      this.store.update({
        ...{ state: 'measured', ...measured },
        ...(isSame ? {} : { report: { state: 'idle' } }),
      });
    } catch (error) {
      if (!isCurrent()) return;
      this.store.update({ state: 'failed', structures: [], failure: failureOf(error) });
    }
  }

  async storeReport(): Promise<void> {
    const { state, structures } = this.store.get();
    if (this.storingNow || state !== 'measured' || !this.collected) return;
    const controller = new AbortController();
    this.storingNow = controller;
    this.store.update({ report: { state: 'storing', step: { phase: 'making' } } });
    let report: ResultsSnapshot['report'];
    try {
      const stored = await this.reports.store(
        this.collected,
        structures,
        step =>
          controller.signal.aborted || this.store.update({ report: { state: 'storing', step } }),
        controller.signal,
      );
      report = { state: 'stored', ...stored, isChanged: false };
    } catch (error) {
      const isCancelled = error instanceof FewshotError && error.code === 'cancelled';
      report = isCancelled ? { state: 'stopped' } : { state: 'failed', ...failureOf(error) };
    }
    this.storingNow = null;
    // They may have changed meanwhile.
    const isSame = this.store.get().structures === structures;
    this.store.update({
      report: report.state === 'stored' ? { ...report, isChanged: !isSame } : report,
    });
  }

  cancelReport(): void {
    if (!this.storingNow || this.storingNow.signal.aborted) return;
    this.store.update({ report: { state: 'storing', step: { phase: 'stopping' } } });
    this.storingNow.abort();
  }
}
