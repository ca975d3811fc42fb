import { FewshotError, type FewshotResult } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import { runnable, type CollectedSegment } from './collect';
import type { Collecting } from './collecting';
import { intensityWindow } from './intensity';
import { runPropagation, type Structure } from './runPropagation';
import type { SnapshotStore } from './snapshotStore';
import type { Obstacle } from './state';

/** What came out for one segment. */
export interface SegmentResult {
  segmentIndex: number;
  result: FewshotResult;
}

/** Takes the results of a run. */
export type Present = (
  series: Series,
  segments: CollectedSegment[],
  results: SegmentResult[],
  seconds: number,
) => Promise<void>;

/** One propagation at a time: starts it, follows it, cancels it, says how it failed. */
export class Running {
  private controller: AbortController | null = null;

  constructor(
    private readonly viewer: Viewer,
    private readonly worker: WorkerClient,
    private readonly store: SnapshotStore,
    private readonly collecting: Collecting,
    private readonly present: Present,
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

  async propagate(): Promise<void> {
    await this.perform(async signal => {
      const start = performance.now();
      const { collected } = this.collecting;
      const { series } = collected;
      const settings = series ? this.collecting.settingsFor(series) : this.store.get().settings;
      const { segments, obstacle } = runnable(collected, settings.scope);
      if (!series || obstacle) throw refusal(obstacle);
      const window = intensityWindow(settings.intensity, this.viewer.displayedRange());
      const results = await runPropagation(
        segments.map(segment => this.structureOf(segment)),
        { window, sliceSpacing: series.sliceSpacing },
        {
          loadSlice: index => this.viewer.loadSlice(series, index),
          loadModel: (onProgress, signal) => this.loadModel(onProgress, signal),
          propagate: (job, onProgress, signal) =>
            this.worker.propagate(settings.method, job, onProgress, signal),
        },
        signal,
        run => this.store.update({ run: { ...run, method: settings.method } }),
      );
      await this.present(series, segments, results, (performance.now() - start) / 1000);
    });
  }

  /**
   * Does one long thing at a time, which Cancel ends. The viewer has just been looked at when it begins;
   * what it throws is said. Without a result to review, all is as before it.
   */
  async perform(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.store.get().status !== 'collecting') return;
    this.store.update({ status: 'running', failure: null, run: null, store: { state: 'idle' } });
    const controller = new AbortController();
    this.controller = controller;
    try {
      // The button may be pressed while the last stroke is still settling.
      await this.collecting.refresh();
      await work(controller.signal);
      if (this.store.get().status !== 'review')
        this.store.update({ status: 'collecting', run: null });
    } catch (error) {
      this.failed(error);
    } finally {
      this.controller = null;
      await this.collecting.refresh();
    }
  }

  private structureOf(segment: CollectedSegment): Structure {
    const labels = new Map(
      segment.outlined.map(index => [index, this.viewer.readMask(segment.labelmap, index)!]),
    );
    return {
      segmentIndex: segment.segmentIndex,
      label: segment.label,
      labels,
      targets: segment.targets,
    };
  }

  /** Loads the model, and shows that it does. */
  async loadModel(
    onProgress: Parameters<WorkerClient['load']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    const { compute } = this.store.get();
    if (compute.state !== 'ready') this.store.update({ compute: { ...compute, state: 'loading' } });
    try {
      const { model, device } = await this.worker.load(onProgress, signal);
      this.store.update({ compute: { state: 'ready', model, device } });
    } catch (error) {
      const cancelled = error instanceof FewshotError && error.code === 'cancelled';
      this.store.update({ compute: { ...compute, state: cancelled ? 'idle' : 'failed' } });
      throw error;
    }
  }

  private failed(error: unknown): void {
    const cancelled = error instanceof FewshotError && error.code === 'cancelled';
    this.store.update({
      status: 'collecting',
      run: null,
      ...(!cancelled && { failure: failureOf(error) }),
    });
  }
}

/** An error in the user's words. */
export function failureOf(error: unknown): Obstacle {
  if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
  return {
    message: `Something unexpected happened (${error instanceof Error ? error.message : String(error)}).`,
    remedy: 'Nothing was changed. Try again; reload the page if it happens twice.',
  };
}

function refusal(obstacle: Obstacle | null): FewshotError {
  return new FewshotError(
    'bad-input',
    obstacle?.message ?? 'No series is shown in the active viewport.',
    obstacle?.remedy ?? 'Drag a CT or MR series into the viewport.',
  );
}
