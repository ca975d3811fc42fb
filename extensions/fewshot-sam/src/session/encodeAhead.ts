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
/** Slices encoded on each side of the outlines: how far the structure goes on is not known yet. */
const REACH = 20;
/** Percentiles are taken over all slices at once; with more of them than this only the model is loaded. */
const MOST_FOR_PERCENTILES = 128;
const INPUTS = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const;

const STORAGE_KEY = 'fewshot-sam.encode-ahead';

/** Whether the user wants it, remembered in the browser. */
export class EncodeAheadChoice {
  private isOn: boolean;

  /**
   * @param storage null where the browser grants none
   * @param byDefault what the site wants
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

/** What the page and the computer are doing. */
export interface Surroundings {
  /** Nobody is looking, or the battery is in use: nothing is encoded. */
  mayCompute(): Promise<boolean>;
  /** Calls back when the page has nothing else to do. */
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
 * that a run finds them in the cache. Any input stops it after the slice that is being encoded. It never
 * says that it failed: the run does what is missing.
 */
export class EncodeAhead {
  private collected: Collected | null = null;
  private isWorking = false;
  private isDisposed = false;
  private quietSince = 0;
  /** What the encoded slices were encoded for; others begin anew. */
  private key = '';
  private readonly encoded = new Set<number>();
  /** Its outlines decided how the slices are looked at. */
  private viewed: CollectedSegment | null = null;
  /** What it failed on is not tried again. */
  private failedOn = '';
  private readonly forget: () => void;

  /** @param loadModel loads it, and shows that it does */
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

  /** The viewer was looked at again. */
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
      // The run that needs it will say so.
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
    // Each change of the store draws the panel at once: a task of its own for each keeps them short.
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

  /** @returns null where there is none, or something came between */
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
      // Until now the outlines may have changed.
      if (this.isInterrupted(found)) return null;
    }
    return this.worker.viewAhead({ slices, labels, window, ...(before && { continues: before }) });
  }

  /** Ends when there was no input for a while and the page is idle. */
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

  /** What there is to encode for; null when nothing is, or something else goes on. */
  private wanted(): Wanted | null {
    const { status, encodesAhead } = this.store.get();
    const series = this.collected?.series;
    if (this.isDisposed || !encodesAhead || status !== 'collecting') return null;
    const segment = this.collected?.segments.find(({ active }) => active);
    // Slices of another plane are cut out of the volume first: too much to do by the way.
    if (!series || series.reslice || !segment || segment.inSet.length === 0) return null;
    const settings = this.settingsFor(series);
    if (settings.method === 'paper' || segment.locked) return null;
    return { series, segment, settings };
  }
}

/** The slice to encode next: the nearest to an outline. */
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

/** Whether slices that were encoded for one are found by a run that continues the other. */
function isSameView(a: Continuation, b: Continuation | undefined): boolean {
  const of = ({ window, crop, encoderSize }: Continuation) =>
    JSON.stringify([window, crop, encoderSize]);
  return b !== undefined && of(a) === of(b);
}

/** Of Chromium: Battery Status API (W3C). */
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
