import {
  type Continuation,
  FewshotError,
  type IntensityWindow,
  type Mask,
  type OnProgress,
  type Slice,
} from 'fewshot-sam';
import { yieldToBrowser } from '../viewer/yieldToBrowser';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import { remember, remembered, type ChoiceStorage } from './browserStorage';
import type { Collected, CollectedSegment } from './collect';
import { intensityWindow } from './intensity';
import type { PlaneRecord, SegmentationRecords } from './segmentationRecords';
import type { SnapshotStore } from './snapshotStore';
import type { SessionSnapshot, Settings } from './state';

/** Milliseconds without input before the next slice is encoded. */
const QUIET_MS = 400;
/** Slices encoded beyond the outlines on each side. */
const REACH = 20;
/** Percentiles need all slices at once. With more slices than this, only the model is loaded ahead. */
const MOST_FOR_PERCENTILES = 128;
const INPUTS = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const;

const STORAGE_KEY = 'fewshot-sam.encode-ahead';

/** Whether the user wants slices encoded ahead, stored in the browser. */
export class EncodeAheadChoice {
  private isOn: boolean;

  /**
   * @param storage null if the browser denies access
   * @param byDefault default of the site
   */
  constructor(
    private readonly storage: ChoiceStorage | null,
    byDefault: boolean,
  ) {
    const choice = remembered(storage, STORAGE_KEY);
    this.isOn = choice === 'on' || (choice !== 'off' && byDefault);
  }

  get(): boolean {
    return this.isOn;
  }

  change(isOn: boolean): boolean {
    this.isOn = isOn;
    remember(this.storage, STORAGE_KEY, isOn ? 'on' : 'off');
    return isOn;
  }
}

/** State of the page and the computer. */
export interface Surroundings {
  /** False while the page is hidden or the computer runs on battery. */
  mayCompute(): Promise<boolean>;
  /** Calls back when the page is idle. */
  whenIdle(work: () => void): void;
  onInput(listener: () => void): () => void;
}

interface Wanted {
  series: Series;
  segment: CollectedSegment;
  settings: Settings;
}

/**
 * Loads the model and encodes slices around the outlines of the active segment while the user draws, so
 * that a run finds them in the cache. Any input pauses it after the current slice. It reports no failure:
 * the run encodes what is missing.
 */
export class EncodeAhead {
  private collected: Collected | null = null;
  private isWorking = false;
  private isDisposed = false;
  private quietSince = 0;
  /** Key of the segment and settings that the slices were encoded for. A new key discards them. */
  private key = '';
  private readonly encoded = new Set<number>();
  /** Segment whose outlines determined window and crop. */
  private viewed: CollectedSegment | null = null;
  /** Key that failed; it is not tried again. */
  private failedOn = '';
  private readonly forget: () => void;

  /** @param loadModel loads the model and shows that it does */
  constructor(
    private readonly viewer: Pick<Viewer, 'loadSlice' | 'readMask' | 'displayedRange'>,
    private readonly worker: Pick<WorkerClient, 'viewAhead' | 'encodeAhead'>,
    private readonly store: SnapshotStore<SessionSnapshot>,
    private readonly records: SegmentationRecords,
    private readonly settingsFor: (series: Series) => Settings,
    private readonly loadModel: (onProgress: OnProgress, signal: AbortSignal) => Promise<void>,
    private readonly surroundings: Surroundings = browserSurroundings(),
  ) {
    this.forget = surroundings.onInput(() => (this.quietSince = performance.now()));
  }

  dispose(): void {
    this.isDisposed = true;
    this.forget();
  }

  /** Call it each time the viewer was read. */
  follow(collected: Collected): void {
    this.collected = collected;
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    try {
      while (await this.step());
    } catch (error) {
      // The run that needs it will report the failure.
      this.failedOn = this.key;
      const { compute } = this.store.get();
      if (compute.state === 'failed') this.store.update({ compute: { ...compute, state: 'idle' } });
      if (!(error instanceof FewshotError)) console.warn('Encoding ahead stopped:', error);
    } finally {
      this.isWorking = false;
    }
  }

  /** @returns whether to go on */
  private async step(): Promise<boolean> {
    await this.rest();
    const found = this.wanted();
    if (!found || !(await this.surroundings.mayCompute())) return false;
    // Each store update redraws the panel synchronously. Yield between them to keep tasks short.
    await yieldToBrowser();
    const { series, segment, settings } = found;
    const { segmentationId, segmentIndex } = segment.labelmap;
    const window = intensityWindow(settings.intensity, this.viewer.displayedRange());
    const { from, to } = settings;
    const key = JSON.stringify([segmentationId, segmentIndex, window, from, to]);
    if (key === this.failedOn) return false;
    const record = this.records.plane(segment.labelmap, undefined);
    if (key !== this.key) {
      this.beginAnew(record);
      await yieldToBrowser();
    }
    this.key = key;
    await this.loadModel(() => undefined, new AbortController().signal);
    await yieldToBrowser();
    if (this.isInterrupted(found)) return true;
    if (!record.ahead || this.viewed !== segment) {
      const view = await this.view(found, window, record.ahead);
      if (!view) return this.isInterrupted(found);
      if (!isSameView(view, record.ahead)) this.beginAnew(record);
      record.ahead = view;
      this.viewed = segment;
      await yieldToBrowser();
    }
    const index = nearest(segment, settings, this.encoded);
    if (index === null) return false;
    const slice = await this.viewer.loadSlice(series, index);
    await yieldToBrowser();
    await this.worker.encodeAhead(slice, record.ahead);
    this.encoded.add(index);
    this.store.update({ encodedAhead: this.encoded.size });
    return true;
  }

  private beginAnew(record: PlaneRecord): void {
    record.ahead = undefined;
    this.encoded.clear();
    this.store.update({ encodedAhead: 0 });
  }

  /** @returns null if there are too many slices for percentiles, or the user interrupted */
  private async view(
    found: Wanted,
    window: IntensityWindow,
    before: Continuation | undefined,
  ): Promise<Continuation | null> {
    const { series, segment, settings } = found;
    const indices =
      before || window.kind === 'clip' ? [segment.inSet[0]] : range(settings.from, settings.to);
    if (indices.length > MOST_FOR_PERCENTILES) return null;
    const slices: Slice[] = [];
    for (const index of indices) {
      slices.push(await this.viewer.loadSlice(series, index));
      await yieldToBrowser();
      if (this.isInterrupted(found)) return null;
    }
    const labels = new Map<number, Mask>();
    for (const index of segment.inSet) {
      labels.set(index, this.viewer.readMask(segment.labelmap, index)!);
      await yieldToBrowser();
      // The outlines may have changed meanwhile.
      if (this.isInterrupted(found)) return null;
    }
    return this.worker.viewAhead({ slices, labels, window, ...(before && { continues: before }) });
  }

  /** Resolves after a while without input, once the page is idle. */
  private async rest(): Promise<void> {
    for (;;) {
      await new Promise<void>(resolve => this.surroundings.whenIdle(resolve));
      const left = this.quietSince + QUIET_MS - performance.now();
      if (left <= 0) return;
      await new Promise(resolve => setTimeout(resolve, left));
    }
  }

  private isInterrupted({ segment }: Wanted): boolean {
    return this.quietSince + QUIET_MS > performance.now() || this.wanted()?.segment !== segment;
  }

  /** What to encode for; null if there is nothing, or a run or review is open. */
  private wanted(): Wanted | null {
    const { status, encodesAhead } = this.store.get();
    const series = this.collected?.series;
    if (this.isDisposed || !encodesAhead || status !== 'collecting') return null;
    const segment = this.collected?.segments.find(({ active }) => active);
    // Slices of another plane must be resliced from the whole volume first: too much for the background.
    if (!series || series.reslice || !segment || segment.inSet.length === 0) return null;
    const settings = this.settingsFor(series);
    if (settings.method === 'paper' || segment.locked) return null;
    return { series, segment, settings };
  }
}

/** The slice to encode next: the one nearest to an outline. */
export function nearest(
  { inSet, targets }: Pick<CollectedSegment, 'inSet' | 'targets'>,
  { from, to }: Pick<Settings, 'from' | 'to'>,
  encoded: ReadonlySet<number>,
): number | null {
  const [first, last] = [Math.min(...inSet) - REACH, Math.max(...inSet) + REACH];
  const distance = (index: number) => Math.min(...inSet.map(one => Math.abs(one - index)));
  const open = [...inSet, ...targets.filter(index => index >= Math.max(first, from))].filter(
    index => index <= Math.min(last, to) && !encoded.has(index),
  );
  return open.reduce<number | null>(
    (best, index) => (best === null || distance(index) < distance(best) ? index : best),
    null,
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Whether a run that continues from `b` finds the slices that were encoded for `a`. */
function isSameView(a: Continuation, b: Continuation | undefined): boolean {
  const of = ({ window, crop, encoderSize }: Continuation) =>
    JSON.stringify([window, crop, encoderSize]);
  return b !== undefined && of(a) === of(b);
}

/** Battery Status API (W3C); Chromium only. */
interface BatteryNavigator {
  getBattery?: () => Promise<{ charging: boolean }>;
}

function browserSurroundings(): Surroundings {
  return {
    async mayCompute() {
      if (document.hidden) return false;
      const battery = await (navigator as BatteryNavigator).getBattery?.().catch(() => null);
      return battery?.charging ?? true;
    },
    whenIdle(work) {
      if ('requestIdleCallback' in window) window.requestIdleCallback(() => work());
      else setTimeout(work, 200);
    },
    onInput(listener) {
      const input = (event: Event) => {
        const isHover = event.type === 'pointermove' && (event as PointerEvent).buttons === 0;
        if (!isHover) listener();
      };
      for (const name of INPUTS)
        window.addEventListener(name, input, { capture: true, passive: true });
      return () => {
        for (const name of INPUTS) window.removeEventListener(name, input, { capture: true });
      };
    },
  };
}
