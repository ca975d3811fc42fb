import type { Phase } from 'fewshot-sam';
import type { StoreProgress } from '../dicom/storeSegmentation';
import type { ShownSegmentation } from '../viewer/segmentations';
import type { OutlineHint } from './outlineHints';
import type { MethodChoice } from '../worker/protocol';
import type { KeptData } from './keptData';
import type { SegmentTerm } from './segmentTerms';
import type { StoreOptions } from './storeOptions';

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
  /** What it is in SNOMED CT; absent where only its label says it. */
  term?: SegmentTerm | null;
}

/** A slice as a small picture. */
export interface SlicePicture {
  sliceIndex: number;
  thumbnail: Thumbnail;
}

/** One slice that was outlined for the active segment. */
export interface FewshotSetItem extends SlicePicture {
  /** The user took it out of the few-shot set: it is not learned from, and not changed either. */
  excluded?: boolean;
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

/** What a run does, when it does not propagate: learn a task, or apply one. */
export type TaskActivity = 'learn' | 'apply';

export interface RunProgress {
  method: MethodChoice;
  activity?: TaskActivity;
  phase: Phase;
  done: number;
  total: number;
  etaSeconds: number | null;
  /** Structure being propagated: 1-based position, how many, its label. */
  structure: { position: number; count: number; label: string };
  /** What has been found so far of this structure; not final, and nothing is written yet. */
  found?: FoundSoFar;
}

export interface FoundSoFar {
  /** Slices on which something was found; 0 while there is a first look at some only. */
  count: number;
  color: [number, number, number];
  /** The latest of them. */
  latest: Preview[];
}

/**
 * What a slice holds in a review: `predicted` awaits a decision; `not-searched`: left empty, too far
 * from the outlines.
 */
export type SliceOutcome =
  'drawn' | 'predicted' | 'accepted' | 'rejected' | 'empty' | 'not-searched' | 'outside-range';

/**
 * Why what was found on a slice is never called sure. `extrapolated`: it lies beyond the outermost outlines.
 * `no-promise`: the run knows how sure it is of other slices, but not of this one; most often because the
 * image shows nothing there.
 */
export type Caveat = 'extrapolated' | 'no-promise';

/** A segmented slice to look at. */
export interface Preview extends SlicePicture {
  /** Expected Dice, 0..1, where it is known. */
  confidence?: number;
  caveat?: Caveat;
}

export interface ReviewedStructure {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  /** One entry per slice of the series. */
  outcomes: SliceOutcome[];
  /** Expected Dice per slice of the series, 0..1; null where nothing was found or none is known. */
  confidences: (number | null)[];
  /** One entry per slice of the series; null where nothing was found or nothing is to be said. */
  caveats: (Caveat | null)[];
  /** Expected mean Dice of the found slices, 0..1, where it is known. */
  expectedDice?: number;
  /** The next slices to look at. */
  previews: Preview[];
}

/** Results that are shown but not written yet, and what was decided about them. */
export interface ReviewState {
  structures: ReviewedStructure[];
  /** What the run took. */
  seconds: number;
  /** What the reader must know of all of it. */
  note?: string;
  /** Slices without a decision, in the order in which to look at them. */
  toLookAt: number[];
  /** Slices that Finish would write; where several structures are accepted on one, it counts once. */
  accepted: number;
  /** Structure that decisions are about, by segment index; null: all of them. */
  decideOn: number | null;
  /** False while the user looks at the slices without the predictions. */
  previewShown: boolean;
  /** A second run also learns from the accepted slices. */
  useAccepted: boolean;
  /** What keeps decisions from being made; null when nothing does. */
  obstacle: Obstacle | null;
  /** What keeps accepted slices from being written. */
  finishObstacle: Obstacle | null;
  /** What keeps the slice shown from being taken over for editing. */
  editObstacle: Obstacle | null;
  /** What keeps a second run from starting. */
  refineObstacle: Obstacle | null;
  /** Accepted slices are being written. */
  writing: boolean;
}

export type OutlineFlawKind = 'holes' | 'specks';

/** Outlines of a segment that look like a slip of the brush. */
export interface OutlineWarning {
  segmentIndex: number;
  label: string;
  kind: OutlineFlawKind;
  locked: boolean;
  /** Slices that have them: how many, and their size together. */
  slices: { sliceIndex: number; count: number; pixels: number; areaMm2: number }[];
  /** Every outline encloses a large hole: the structure may be a ring. */
  isRing: boolean;
}

/** Outlines that OHIF shows otherwise than the file that they were opened from. */
export interface MisreadOutlines {
  /** `failed`: the file could not be compared, so that they may be wrong. */
  state: 'comparing' | 'failed' | 'wrong';
  /** Of `wrong`: segments with the slices on which they are. */
  segments: { segmentIndex: number; label: string; locked: boolean; slices: number[] }[];
}

/** What was written when a review was finished. */
export interface ResultSummary {
  structures: Pick<ReviewedStructure, 'segmentIndex' | 'label' | 'outcomes'>[];
}

/** What can be brought back: a review that was left, or what was drawn before a reload. */
export interface ResumeOffer {
  /** Slices of the review that await a decision or were accepted; 0 when there is no review. */
  reviewSlices: number;
  /** Slices that carry something drawn and are not in the viewer now. */
  drawnSlices: number;
}

/** What a storing is doing, in its order. */
export type StoreStep = { phase: 'making' } | StoreProgress | { phase: 'stopping' };

export type StoreState =
  | { state: 'idle' }
  | { state: 'storing'; step: StoreStep }
  /** `confirmed`: a search in the archive found it. `isChanged`: it is another in the viewer since. */
  | {
      state: 'stored';
      seriesDescription: string;
      confirmed: boolean;
      isChanged: boolean;
      /** The archive gave it UIDs of its own. */
      hasOtherUids?: true;
    }
  | { state: 'failed'; message: string; remedy: string }
  | { state: 'stopped' };

export type SessionStatus = 'collecting' | 'running' | 'cancelling' | 'review';

/** Everything the panel shows. Replaced as a whole at each change, never mutated. */
export interface SessionSnapshot {
  status: SessionStatus;
  series: {
    description: string;
    modality: string;
    sliceCount: number;
    /** Of the slices, where it is another one than that of acquisition: 'coronal'. */
    plane?: string;
    /** What is unusual in how the slices lie, see `seriesNotes`. */
    notes?: string[];
  } | null;
  /** Slice shown in the active viewport, 0-based; null when unknown. */
  currentSlice: number | null;
  /** Those that the active viewport shows. */
  segmentations: ShownSegmentation[];
  /** Of the active segmentation. */
  segments: SegmentSummary[];
  fewshotSet: FewshotSetItem[];
  /** Why Propagate cannot run now; null when it can. */
  obstacle: Obstacle | null;
  settings: Settings;
  compute: Compute;
  /** Whether slices are encoded while the user draws; a choice of the user. */
  encodesAhead: boolean;
  /** Slices that were encoded so for the active segment. */
  encodedAhead: number;
  run: RunProgress | null;
  /** Slices whose outline would help the next run most. */
  hints: OutlineHint[];
  /** Of all segments: what to fix before learning from their outlines. */
  outlineWarnings: OutlineWarning[];
  /** Of the active segmentation; null when it is shown as it was stored. */
  misread: MisreadOutlines | null;
  review: ReviewState | null;
  resume: ResumeOffer | null;
  /** There is unfinished work that this browser does not keep. */
  unkept: boolean;
  result: ResultSummary | null;
  /** The last run's failure, until the next run or dismissal. */
  failure: Obstacle | null;
  /** What is shown was opened from the archive, and changed since. */
  corrected: boolean;
  store: StoreState;
  storeOptions: StoreOptions;
  /** True when the active data source accepts STOW-RS; else only download is offered. */
  canStore: boolean;
}

/** Slice indices, 0-based, inclusive. */
export interface SliceRange {
  from: number;
  to: number;
}

export type ReviewChoices = Partial<Pick<ReviewState, 'decideOn' | 'previewShown' | 'useAccepted'>>;

/** What the panel can ask for. */
export interface SessionActions {
  propagate(): void;
  cancel(): void;
  /** Accepts the slice shown and goes on to the next to look at; or every open slice of a range. */
  accept(range?: SliceRange): void;
  /** Rejects the slice shown and goes on to the next to look at; or every open slice of a range. */
  reject(range?: SliceRange): void;
  /** Takes the decision about the slice shown back. */
  reopen(): void;
  /** Goes to the next (1) or the one before (-1) of the slices that need a look. */
  look(step: 1 | -1): void;
  /** Writes the accepted slices in one step. */
  finish(): void;
  /** Accepts every slice that is open, and finishes. */
  acceptAll(): void;
  /** Puts what was found on the slice shown into the user's segment, to be corrected by hand. */
  editSlice(): void;
  /** Runs again with what was corrected since. */
  refine(): void;
  changeReview(change: ReviewChoices): void;
  /** Leaves the review; it can be resumed. */
  leave(): void;
  /** Drops the review. */
  discard(): void;
  resume(): void;
  dismissResume(): void;
  /** Takes an outlined slice out of the few-shot set of the active segment, or puts it back. */
  exclude(sliceIndex: number, excluded: boolean): void;
  /** Fills the holes, or removes the specks, that are warned of; one undo step. */
  fixOutlines(segmentIndex: number, kind: OutlineFlawKind): void;
  /** The holes or specks belong there: they are not warned of again. */
  keepOutlines(segmentIndex: number, kind: OutlineFlawKind): void;
  /** Puts the outlines of the file in the place of those that OHIF read wrong; one undo step. */
  showAsStored(): void;
  changeSettings(change: Partial<Settings>): void;
  /** Turns encoding while the user draws on or off. */
  encodeAhead(on: boolean): void;
  goToSlice(sliceIndex: number): void;
  selectSegmentation(segmentationId: string): void;
  selectSegment(segmentIndex: number): void;
  addSegment(): void;
  /** @param termId null when none of the terms is meant */
  chooseTerm(segmentIndex: number, termId: string | null): void;
  storeSeg(): void;
  changeStoreOptions(change: Partial<StoreOptions>): void;
  cancelStore(): void;
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
