import type { Phase } from 'fewshot-sam';
import type { MethodChoice } from '../worker/protocol';
import type { KeptData } from './keptData';

/** A small grey picture of a slice with the mask drawn on it; the panel draws the outline. */
export interface Thumbnail {
  width: number;
  height: number;
  /** Grey values 0..255, row-major. */
  grey: Uint8Array;
  /** 1 inside the structure, row-major, same grid as `grey`. */
  mask: Uint8Array;
}

/** Something that stands in the way, in the user's words. */
export interface Obstacle {
  message: string;
  remedy: string;
}

export interface SegmentSummary {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  locked: boolean;
  active: boolean;
  /** Slice indices (0-based) that carry at least one voxel of it. */
  labelledSlices: number[];
}

/** One slice of the few-shot set of the active segment. */
export interface FewshotSetItem {
  sliceIndex: number;
  thumbnail: Thumbnail;
}

export type { MethodChoice };

export type IntensityChoice = 'as-displayed' | 'ct-soft-tissue' | 'ct-bone' | 'mr';

export interface Settings {
  intensity: IntensityChoice;
  method: MethodChoice;
  /** Whether to propagate the active segment or every segment that can be. */
  scope: 'active' | 'all';
  /** First and last slice to segment, 0-based, inclusive. */
  from: number;
  to: number;
}

/** What is known of the model and of what computes it. */
export interface Compute {
  state: 'idle' | 'loading' | 'ready' | 'failed';
  /** e.g. 'MobileSAM'. */
  model: string;
  /** e.g. 'WebGPU', 'CPU, 2 threads', 'CPU, 1 thread'; empty until known. */
  device: string;
}

export interface RunProgress {
  method: MethodChoice;
  phase: Phase;
  done: number;
  total: number;
  etaSeconds: number | null;
  /** Structure being propagated: 1-based position, how many, its label. */
  structure: { position: number; count: number; label: string };
}

/** What a slice holds after a propagation; `not-searched`: left empty, too far from the outlines. */
export type SliceOutcome = 'drawn' | 'predicted' | 'empty' | 'not-searched' | 'outside-range';

/** A segmented slice to look at. */
export interface Preview extends FewshotSetItem {
  /** Expected Dice, 0..1, where it is known. */
  confidence?: number;
}

export interface ResultSummary {
  /** One entry per slice of the series, for each structure that was propagated. */
  structures: {
    segmentIndex: number;
    label: string;
    color: [number, number, number];
    outcomes: SliceOutcome[];
    /** Expected mean Dice of the segmented slices, 0..1, where it is known. */
    expectedDice?: number;
    /** A few segmented slices by index: the least sure where that is known, else evenly spaced. */
    previews: Preview[];
  }[];
  seconds: number;
}

export type StoreState =
  | { state: 'idle' }
  | { state: 'storing' }
  | { state: 'stored'; seriesDescription: string }
  | { state: 'failed'; message: string; remedy: string };

export type SessionStatus = 'collecting' | 'running' | 'cancelling' | 'review';

/** Everything the panel shows. Replaced as a whole at each change, never mutated. */
export interface SessionSnapshot {
  status: SessionStatus;
  series: { description: string; modality: string; sliceCount: number } | null;
  /** Slice shown in the active viewport, 0-based; null when unknown. */
  currentSlice: number | null;
  segments: SegmentSummary[];
  fewshotSet: FewshotSetItem[];
  /** Why Propagate cannot run now; null when it can. */
  obstacle: Obstacle | null;
  settings: Settings;
  compute: Compute;
  run: RunProgress | null;
  result: ResultSummary | null;
  /** The last run's failure, until the next run or dismissal. */
  failure: Obstacle | null;
  store: StoreState;
  /** True when the active data source accepts STOW-RS; else only download is offered. */
  canStore: boolean;
}

/** What the panel can ask for. */
export interface SessionActions {
  propagate(): void;
  cancel(): void;
  keep(): void;
  discard(): void;
  changeSettings(change: Partial<Settings>): void;
  goToSlice(sliceIndex: number): void;
  selectSegment(segmentIndex: number): void;
  addSegment(): void;
  storeSeg(): void;
  downloadSeg(): void;
  dismissFailure(): void;
}

/** How a component follows the session: the contract of React's useSyncExternalStore. */
export interface SessionStore {
  getSnapshot(): SessionSnapshot;
  subscribe(listener: () => void): () => void;
  actions: SessionActions;
  /** Absent: the panel does not offer to clear it. */
  kept?: KeptData;
}
