import { FewshotError, type FewshotResult } from 'fewshot-sam';
import type { Continuation } from 'fewshot-sam';
import { NO_SERIES, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import type { SliceSoFar } from '../worker/plainResult';
import { runnable, type Collected, type CollectedSegment } from './collect';
import type { OutlineCollector } from './outlineCollector';
import { failureOf } from './failure';
import { intensityWindow } from './intensity';
import type { Refinement } from './openReview';
import { MOST_PICTURES, runPropagation, type StructureInput } from './runPropagation';
import type { SnapshotStore } from './snapshotStore';
import type { Obstacle, Preview, SessionSnapshot } from './state';

/** Result for one segment. */
export interface SegmentResult {
  segmentIndex: number;
  result: FewshotResult;
}

/** Receives the results of a run. */
export type Present = (
  series: Series,
  segments: CollectedSegment[],
  results: SegmentResult[],
  seconds: number,
  note?: string,
) => Promise<void>;

/** Starts, tracks and cancels one run at a time, and reports how it failed. */
export class RunController {
  private controller: AbortController | null = null;

  constructor(
    private readonly viewer: Viewer,
    private readonly worker: WorkerClient,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly collecting: OutlineCollector,
    private readonly present: Present,
    private readonly aheadOf: (segment: CollectedSegment) => Continuation | undefined,
  ) {}

  dispose(): void {
    this.controller?.abort();
    this.worker.terminate();
  }

  cancel(): void {
    if (this.store.get().status !== 'running') return;
    this.store.update({ status: 'cancelling' });
    this.controller?.abort();
  }

  /**
   * Runs from the outlines as they are now.
   *
   * @param refinement plan of a second run; without one, the range in the settings is segmented
   */
  async propagate(refinement?: Refinement): Promise<void> {
    const before = refinement ? 'review' : 'collecting';
    await this.perform(async signal => {
      const start = performance.now();
      const { collected } = this.collecting;
      const { series } = collected;
      const settings = series ? this.collecting.settingsFor(series) : this.store.get().settings;
      const { segments, obstacle } = refinement
        ? segmentsToRefine(collected, refinement)
        : runnable(collected, settings.scope);
      if (!series || obstacle) throw refusal(obstacle);
      const window = intensityWindow(settings.intensity, this.viewer.displayedRange());
      const results = await runPropagation(
        segments.map(segment => this.structureOf(segment, refinement)),
        {
          window,
          sliceSpacing: series.sliceSpacing,
          ...(series.slicePositions && { slicePositions: series.slicePositions }),
        },
        {
          loadSlice: index => this.viewer.loadSlice(series, index, signal),
          loadModel: (onProgress, signal) => this.loadModel(onProgress, signal),
          propagate: (job, onProgress, signal, onSlices) =>
            this.worker.propagate(settings.method, job, onProgress, signal, onSlices),
          pictures: found => this.pictures(series, found),
        },
        signal,
        run => this.store.update({ run: { ...run, method: settings.method } }),
      );
      await this.present(series, segments, results, (performance.now() - start) / 1000);
    }, before);
  }

  /**
   * Runs one long task at a time, which Cancel aborts. Reads the viewer first, and shows the error if the
   * task throws. Without a result to review, the session returns to its previous status.
   *
   * @param before status required to start
   */
  async perform(
    work: (signal: AbortSignal) => Promise<void>,
    before: 'collecting' | 'review' = 'collecting',
  ): Promise<void> {
    if (this.store.get().status !== before) return;
    this.store.update({ status: 'running', failure: null, run: null });
    const controller = new AbortController();
    this.controller = controller;
    try {
      // The button may be pressed while the last stroke is still settling.
      await this.collecting.refresh();
      await work(controller.signal);
      if (this.store.get().status !== 'review') this.ended();
    } catch (error) {
      this.failed(error);
    } finally {
      this.controller = null;
      await this.collecting.refresh();
    }
  }

  private pictures(series: Series, found: readonly SliceSoFar[]): Preview[] {
    return found.slice(0, MOST_PICTURES).flatMap(({ index, mask, confidence, ...marks }) => {
      const picture = this.collecting.thumbnails.of(series, index, mask, () => mask);
      if (!picture) return [];
      const caveat = marks.blank ? 'no-promise' : marks.extrapolated ? 'extrapolated' : undefined;
      return { ...picture, confidence, ...(caveat && { caveat }) };
    });
  }

  private structureOf(segment: CollectedSegment, refinement?: Refinement): StructureInput {
    const { segmentIndex, label, color, inSet, absent, labelmap } = segment;
    const drawn = inSet.map(index => [index, this.viewer.readMask(labelmap, index)!] as const);
    const {
      labels = [],
      targets,
      continues = this.aheadOf(segment),
    } = refinement?.get(segmentIndex) ?? {};
    const known = new Map([...labels, ...drawn]);
    const [any] = known.values();
    for (const index of any ? absent : [])
      if (!known.has(index)) known.set(index, new Uint8Array(any.length));
    return {
      ...{ segmentIndex, label, color, continues },
      labels: known,
      targets: targets ?? segment.targets,
    };
  }

  /** Loads the model and shows its state. */
  async loadModel(
    onProgress: Parameters<WorkerClient['load']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    const { compute } = this.store.get();
    if (compute.state !== 'ready') this.store.update({ compute: { ...compute, state: 'loading' } });
    try {
      const { model, device } = await this.worker.load(onProgress, signal);
      const { state, device: shown } = this.store.get().compute;
      // Called before every slice that is encoded ahead: update the panel only on a change.
      if (state !== 'ready' || shown !== device)
        this.store.update({ compute: { state: 'ready', model, device } });
    } catch (error) {
      const cancelled = error instanceof FewshotError && error.code === 'cancelled';
      this.store.update({ compute: { ...compute, state: cancelled ? 'idle' : 'failed' } });
      throw error;
    }
  }

  private failed(error: unknown): void {
    const cancelled = error instanceof FewshotError && error.code === 'cancelled';
    this.ended();
    if (!cancelled) this.store.update({ failure: failureOf(error) });
  }

  /** Returns to the review, or to collecting if no review is open. */
  private ended(): void {
    const status = this.store.get().review ? 'review' : 'collecting';
    this.store.update({ status, run: null });
  }
}

/** Segments to refine: those with slices left to segment. */
function segmentsToRefine({ obstacle, segments }: Collected, refinement: Refinement) {
  return {
    obstacle,
    segments: segments.filter(({ segmentIndex }) => refinement.get(segmentIndex)?.targets.length),
  };
}

function refusal(obstacle: Obstacle | null): FewshotError {
  const { message, remedy } = obstacle ?? NO_SERIES;
  return new FewshotError('bad-input', message, remedy);
}
