import { FewshotError, withoutOverlap, type FewshotResult } from 'fewshot-sam';
import { thumbnailOf } from './thumbnail';
import { collect, runnable, type Collected, type CollectedSegment } from './collect';
import { defaultIntensity, intensityWindow } from './intensity';
import { keptData } from './keptData';
import { runPropagation, type Structure } from './runPropagation';
import { summarize } from './summary';
import { INITIAL_SNAPSHOT } from './snapshot';
import { outlinedSlices, type SegmentSlices } from './fewshotSet';
import type {
  FewshotSetItem,
  Obstacle,
  SessionActions,
  SessionSnapshot,
  SessionStore,
  Settings,
} from './state';
import type { Archive } from './archive';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { WrittenMasks } from '../viewer/writeMasks';
import type { WorkerClient } from '../worker/client';

/** Milliseconds to wait for a stroke to end before the slices are looked at again. */
const SETTLE = 150;

/** The state machine behind the panel: collect -> run -> review -> collect. */
export class FewshotSession implements SessionStore {
  private snapshot: SessionSnapshot = INITIAL_SNAPSHOT;
  private readonly listeners = new Set<() => void>();
  private collected: Collected = { series: null, segmentation: null, segments: [], obstacle: null };
  private readonly settings = new Map<string, Settings>();
  private readonly predicted = new Map<string, Map<number, { count: number; hash: number }>>();
  private readonly thumbnails = new Map<string, FewshotSetItem>();
  private readonly requestedImages = new Set<string>();
  private controller: AbortController | null = null;
  private written: WrittenMasks | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private generation = 0;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly viewer: Viewer,
    private readonly worker: WorkerClient,
    private readonly archive: Archive,
  ) {
    this.unsubscribe = viewer.subscribe(what => this.changed(what));
    this.changed('labels');
  }

  dispose(): void {
    this.controller?.abort();
    this.unsubscribe();
    if (this.timer) clearTimeout(this.timer);
    this.worker.terminate();
  }

  getSnapshot = (): SessionSnapshot => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly actions: SessionActions = {
    propagate: () => void this.propagate(),
    cancel: () => this.cancel(),
    keep: () => this.keep(),
    discard: () => this.discard(),
    changeSettings: change => this.changeSettings(change),
    goToSlice: index =>
      this.collected.series && this.viewer.goToSlice(this.collected.series, index),
    selectSegment: index => this.viewer.selectSegment(index),
    addSegment: () => this.viewer.addSegment(),
    storeSeg: () => void this.storeSeg(),
    downloadSeg: () => void this.downloadSeg(),
    dismissFailure: () => this.update({ failure: null }),
  };

  readonly kept = keptData;

  private update(change: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.listeners.forEach(listener => listener());
  }

  private changed(what: 'labels' | 'view'): void {
    if (what === 'view') {
      const { series } = this.collected;
      const currentSlice = series ? this.viewer.currentSlice(series) : null;
      if (currentSlice !== this.snapshot.currentSlice) this.update({ currentSlice });
      if (series || this.timer) return;
    }
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.refresh();
    }, SETTLE);
  }

  private settingsFor = (series: Series): Settings => {
    let settings = this.settings.get(series.displaySetInstanceUID);
    if (!settings) {
      settings = {
        intensity: defaultIntensity(series.modality),
        method: 'context',
        scope: 'active',
        from: 0,
        to: series.imageIds.length - 1,
      };
      this.settings.set(series.displaySetInstanceUID, settings);
    }
    return settings;
  };

  private predictedSlices = (segmentationId: string, segmentIndex: number): SegmentSlices =>
    this.predicted.get(`${segmentationId}/${segmentIndex}`) ?? new Map();

  /** Looks at the viewer again and shows what it found. */
  private async refresh(): Promise<void> {
    const generation = ++this.generation;
    const collected = await collect(this.viewer, this.settingsFor, this.predictedSlices);
    if (generation !== this.generation) return;
    this.collected = collected;
    const { series, segments } = collected;
    const settings = series ? this.settingsFor(series) : this.snapshot.settings;
    this.update({
      series: series && {
        description: series.description,
        modality: series.modality,
        sliceCount: series.imageIds.length,
      },
      currentSlice: series ? this.viewer.currentSlice(series) : null,
      segments: segments.map(({ segmentIndex, label, color, locked, active, slices }) => ({
        segmentIndex,
        label,
        color,
        locked,
        active,
        labelledSlices: [...slices.keys()].sort((a, b) => a - b),
      })),
      fewshotSet: this.fewshotSet(
        series,
        segments.find(segment => segment.active),
      ),
      obstacle: runnable(collected, settings.scope).obstacle,
      settings,
      canStore: this.archive.canStore(),
    });
  }

  private fewshotSet(
    series: Series | null,
    segment: CollectedSegment | undefined,
  ): FewshotSetItem[] {
    if (!series || !segment) return [];
    return segment.outlined.flatMap(
      sliceIndex => this.thumbnail(series, segment, sliceIndex) ?? [],
    );
  }

  private thumbnail(
    series: Series,
    segment: CollectedSegment,
    sliceIndex: number,
  ): FewshotSetItem | null {
    const digest = segment.slices.get(sliceIndex);
    const range = this.viewer.displayedRange() ?? { low: 0, high: 255 };
    const key = [
      series.displaySetInstanceUID,
      sliceIndex,
      digest?.hash,
      range.low,
      range.high,
    ].join('/');
    const known = this.thumbnails.get(key);
    if (known) return known;
    const mask = this.viewer.readMask(segment.labelmap, sliceIndex);
    if (!mask) return null;
    const pixels = this.viewer.cachedSlice(series, sliceIndex);
    if (!pixels) this.requestImage(series, sliceIndex);
    // Until the image is there, the outline alone.
    const shown = pixels ?? new Uint8Array(mask.length);
    const item = {
      sliceIndex,
      thumbnail: thumbnailOf(shown, mask, series.columns, series.rows, range),
    };
    if (pixels) this.thumbnails.set(key, item);
    return item;
  }

  /** Loads an outlined slice that was not looked at yet, as of a segmentation from the archive. */
  private requestImage(series: Series, sliceIndex: number): void {
    const imageId = series.imageIds[sliceIndex];
    if (this.requestedImages.has(imageId)) return;
    this.requestedImages.add(imageId);
    this.viewer.loadSlice(series, sliceIndex).then(
      () => this.changed('labels'),
      // The run itself reads the slice again, and says what is wrong with it.
      () => undefined,
    );
  }

  private changeSettings(change: Partial<Settings>): void {
    const { series } = this.collected;
    if (!series || this.snapshot.status !== 'collecting') return;
    this.settings.set(series.displaySetInstanceUID, { ...this.settingsFor(series), ...change });
    void this.refresh();
  }

  private async propagate(): Promise<void> {
    if (this.snapshot.status !== 'collecting') return;
    this.update({ status: 'running', failure: null, run: null, store: { state: 'idle' } });
    const controller = new AbortController();
    this.controller = controller;
    const start = performance.now();
    try {
      // The button may be pressed while the last stroke is still settling.
      await this.refresh();
      const { series } = this.collected;
      const settings = series ? this.settingsFor(series) : this.snapshot.settings;
      const { segments, obstacle } = runnable(this.collected, settings.scope);
      if (!series || obstacle) throw this.refusal(obstacle);
      const structures = segments.map(segment => this.structureOf(segment));
      const window = intensityWindow(settings.intensity, this.viewer.displayedRange());
      const results = await runPropagation(
        structures,
        { window, sliceSpacing: series.sliceSpacing },
        {
          loadSlice: index => this.viewer.loadSlice(series, index),
          loadModel: (onProgress, signal) => this.loadModel(onProgress, signal),
          propagate: (job, onProgress, signal) =>
            this.worker.propagate(settings.method, job, onProgress, signal),
        },
        controller.signal,
        run => this.update({ run: { ...run, method: settings.method } }),
      );
      await this.write(series, segments, results, (performance.now() - start) / 1000);
    } catch (error) {
      this.failed(error);
    } finally {
      this.controller = null;
      await this.refresh();
    }
  }

  private refusal(obstacle: Obstacle | null): FewshotError {
    return new FewshotError(
      'bad-input',
      obstacle?.message ?? 'No series is shown in the active viewport.',
      obstacle?.remedy ?? 'Drag a CT or MR series into the viewport.',
    );
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

  private async loadModel(
    onProgress: Parameters<WorkerClient['load']>[0],
    signal: AbortSignal,
  ): Promise<void> {
    const { compute } = this.snapshot;
    if (compute.state !== 'ready') this.update({ compute: { ...compute, state: 'loading' } });
    try {
      const { model, device } = await this.worker.load(onProgress, signal);
      this.update({ compute: { state: 'ready', model, device } });
    } catch (error) {
      const cancelled = error instanceof FewshotError && error.code === 'cancelled';
      this.update({ compute: { ...compute, state: cancelled ? 'idle' : 'failed' } });
      throw error;
    }
  }

  /** Writes what came back, except on slices that somebody has drawn on meanwhile. */
  private async write(
    series: Series,
    segments: CollectedSegment[],
    results: { segmentIndex: number; result: FewshotResult }[],
    seconds: number,
  ): Promise<void> {
    if (this.viewer.segmentationExists(segments[0].labelmap.segmentationId) === false) {
      throw new FewshotError(
        'bad-input',
        'The segmentation was removed while the slices were being segmented.',
        'Add it again and outline the structure.',
      );
    }
    const masks = withoutOverlap(
      results.map(({ segmentIndex, result }) => ({ segmentIndex, slices: result.slices })),
    );
    const now = await this.viewer.scan(segments.map(segment => segment.labelmap));
    const writes = segments.map(segment => {
      const { segmentationId, segmentIndex } = segment.labelmap;
      const drawn = new Set(
        outlinedSlices(
          now.get(segmentIndex) ?? new Map(),
          this.predictedSlices(segmentationId, segmentIndex),
        ),
      );
      const free = [...(masks.get(segmentIndex) ?? [])].filter(([index]) => !drawn.has(index));
      return { labelmap: segment.labelmap, masks: new Map(free) };
    });
    this.written = await this.viewer.write(writes, () => this.historyMoved());
    const after = await this.viewer.scan(segments.map(segment => segment.labelmap));
    for (const { labelmap, masks: written } of writes) {
      const key = `${labelmap.segmentationId}/${labelmap.segmentIndex}`;
      const digests = after.get(labelmap.segmentIndex);
      const known = this.predicted.get(key) ?? new Map();
      for (const index of written.keys()) {
        const digest = digests?.get(index);
        if (digest) known.set(index, digest);
      }
      this.predicted.set(key, known);
    }
    const structures = summarize(
      segments,
      writes.map(({ masks: written }, i) => ({ masks: written, result: results[i].result })),
      after,
      series.imageIds.length,
      (segment, index) =>
        this.thumbnail(series, { ...segment, slices: after.get(segment.segmentIndex)! }, index),
    );
    this.update({ status: 'review', run: null, result: { structures, seconds } });
  }

  /** The user took the propagation back, or made it again, by undo and redo. */
  private historyMoved(): void {
    this.written = null;
    this.update({ status: 'collecting', result: null, store: { state: 'idle' } });
    this.changed('labels');
  }

  private failed(error: unknown): void {
    const idle = { status: 'collecting', run: null } as const;
    if (error instanceof FewshotError && error.code === 'cancelled') {
      this.update(idle);
      return;
    }
    const failure =
      error instanceof FewshotError
        ? { message: error.message, remedy: error.remedy }
        : {
            message: `Something unexpected happened (${error instanceof Error ? error.message : String(error)}).`,
            remedy: 'Nothing was changed. Try again; reload the page if it happens twice.',
          };
    this.update({ ...idle, failure });
  }

  private cancel(): void {
    if (this.snapshot.status !== 'running') return;
    this.update({ status: 'cancelling' });
    this.controller?.abort();
  }

  private keep(): void {
    if (this.snapshot.status !== 'review') return;
    this.written = null;
    this.update({ status: 'collecting' });
  }

  private discard(): void {
    if (this.snapshot.status !== 'review') return;
    this.written?.discard();
  }

  private async storeSeg(): Promise<void> {
    this.update({ store: { state: 'storing' } });
    try {
      const seriesDescription = await this.archive.store(this.collected, this.predictedSlices);
      this.update({ store: { state: 'stored', seriesDescription } });
    } catch (error) {
      this.update({ store: { state: 'failed', ...this.archive.explain(error) } });
    }
  }

  private async downloadSeg(): Promise<void> {
    try {
      await this.archive.download(this.collected, this.predictedSlices);
    } catch (error) {
      this.update({ store: { state: 'failed', ...this.archive.explain(error) } });
    }
  }
}
