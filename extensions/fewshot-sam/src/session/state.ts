import type { MaskCleanUpKind, Phase } from 'fewshot-sam';
import type { StoreProgress } from '../dicom/storeSegmentation';
import type { Drawing, DrawingTool } from '../viewer/drawingTools';
import type { ShownSegmentation } from '../viewer/segmentations';
import type { OutlineHint } from './outlineHints';
import type { MethodChoice } from '../worker/protocol';
import type { KeptData } from './keptData';
import type { ResultsStore } from './results';
import type { SegmentTerm } from './segmentTerms';
import type { ReviewPictures } from './sheetPictures';
import type { StoreOptions } from './storeOptions';

/** A small gray picture of a slice and the mask on it; the panel draws the outline. */
export interface Thumbnail {
  width: number;
  height: number;
  /** Gray values 0..255, row-major. */
  gray: Uint8Array;
  /** 1 inside the structure, row-major, same grid as `gray`. */
  mask: Uint8Array;
}

/** Why something cannot be done, and the remedy, as shown to the user. */
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
  /** Slice indices (0-based) with at least one voxel of it. */
  labeledSlices: number[];
  /** Those of them that a stored segmentation brought and nobody changed: no person outlined them here. */
  given?: readonly number[];
  /** Its SNOMED CT term, if any. */
  term?: SegmentTerm | null;
}

/** A slice as a small picture. */
export interface SlicePicture {
  sliceIndex: number;
  thumbnail: Thumbnail;
}

/** One outlined slice of the active segment. */
export interface FewshotSetItem extends SlicePicture {
  /** The user excluded it from the few-shot set: it is not learned from, and its outline stays. */
  excluded?: boolean;
}

export type { MethodChoice };

export type IntensityChoice = 'as-displayed' | 'ct-soft-tissue' | 'ct-bone' | 'mr';

export interface Settings {
  intensity: IntensityChoice;
  method: MethodChoice;
  /** Whether to propagate the active segment, or every segment that is ready. */
  scope: 'active' | 'all';
  /** First and last slice to segment, 0-based, inclusive. */
  from: number;
  to: number;
}

/** The model and the device that runs it. */
export interface Compute {
  state: 'idle' | 'loading' | 'ready' | 'failed';
  /** e.g. 'MobileSAM'. */
  model: string;
  /** e.g. 'WebGPU', 'CPU, 2 threads', 'CPU, 1 thread'; empty until known. */
  device: string;
}

/** Kind of a run that is not a propagation: learning a task or applying one. */
export type TaskActivity = 'learn' | 'apply';

export interface RunProgress {
  method: MethodChoice;
  activity?: TaskActivity;
  phase: Phase;
  done: number;
  total: number;
  etaSeconds: number | null;
  /** Structure being propagated: 1-based position, number of structures, label. */
  structure: { position: number; count: number; label: string };
  /** Slices of this structure found so far; not final, and not written yet. */
  found?: FoundSoFar;
}

export interface FoundSoFar {
  /** Number of found slices; 0 while only a first look is available. */
  count: number;
  color: [number, number, number];
  /** Pictures of the latest ones. */
  latest: Preview[];
}

/**
 * Outcome of a slice in a review. `given` was drawn or found before, in a stored segmentation; `predicted`
 * awaits a decision; `not-searched` was left empty, too far
 * from the outlines.
 */
export type SliceOutcome =
  | 'drawn'
  | 'given'
  | 'predicted'
  | 'accepted'
  | 'rejected'
  | 'empty'
  | 'not-searched'
  | 'outside-range';

/**
 * Why a result on a slice can never count as sure. `extrapolated`: the slice lies beyond the outermost
 * outlines. `no-promise`: the run has a confidence for other slices but not for this one, most often
 * because the image is blank there.
 */
export type Caveat = 'extrapolated' | 'no-promise';

/** A segmented slice to look at. */
export interface Preview extends SlicePicture {
  /** Expected Dice, 0..1, where known. */
  confidence?: number;
  caveat?: Caveat;
}

export interface ReviewedStructure {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  /** One entry per slice of the series. */
  outcomes: SliceOutcome[];
  /** Expected Dice per slice of the series, 0..1; null where nothing was found or it is unknown. */
  confidences: (number | null)[];
  /** One entry per slice of the series; null where nothing was found or there is no caveat. */
  caveats: (Caveat | null)[];
  /** Expected mean Dice of the found slices, 0..1, where known. */
  expectedDice?: number;
  /** The next slices to look at. */
  previews: Preview[];
}

/** Results that are shown but not written yet, and the decisions on them. */
export interface ReviewState {
  structures: ReviewedStructure[];
  /** Duration of the run. */
  seconds: number;
  /** Caveat on the whole result. */
  note?: string;
  /** Slices without a decision, in viewing order. */
  toLookAt: number[];
  /** Every found slice of the structures to decide on, least sure first, whatever was decided. */
  found: number[];
  /** Open slices whose predictions were never shown, ascending. */
  unseen: number[];
  /** Number of slices that Finish would write. A slice with several accepted structures counts once. */
  accepted: number;
  /** Segment index of the structure to decide on; null: all of them. */
  decideOn: number | null;
  /** False while the user looks at the slices without the predictions. */
  previewShown: boolean;
  /** A second run also learns from the accepted slices. */
  useAccepted: boolean;
  /** Why no decision can be made; null if one can. */
  obstacle: Obstacle | null;
  /** Why the accepted slices cannot be written. */
  finishObstacle: Obstacle | null;
  /** Why the slice shown cannot be edited. */
  editObstacle: Obstacle | null;
  /** Why a second run cannot start. */
  refineObstacle: Obstacle | null;
  /** Accepted slices are being written. */
  writing: boolean;
}

/** A clean-up of the structures to decide on, from the press of its button until it is applied. */
export type CleanUpState =
  | { state: 'idle' }
  | { state: 'computing'; kind: MaskCleanUpKind }
  | { state: 'unchanged'; kind: MaskCleanUpKind }
  /** `slices`: those that would change, most changed first. Voxels are counted over all of them. */
  | {
      state: 'preview';
      kind: MaskCleanUpKind;
      slices: number[];
      added: number;
      removed: number;
    }
  | { state: 'applied'; kind: MaskCleanUpKind; slices: number };

export type OutlineFlawKind = 'holes' | 'specks';

/** Outlines of a segment with holes or specks, which may be slips of the brush. */
export interface OutlineWarning {
  segmentIndex: number;
  label: string;
  kind: OutlineFlawKind;
  locked: boolean;
  /** Affected slices: number of holes or specks on each, and their total size. */
  slices: { sliceIndex: number; count: number; pixels: number; areaMm2: number }[];
  /** Every outline encloses a large hole: the structure may be a ring. */
  isRing: boolean;
}

/** Outlines that differ in OHIF from the file they were opened from. */
export interface MisreadOutlines {
  /** `failed`: the comparison with the file failed, so the outlines may be wrong. */
  state: 'comparing' | 'failed' | 'wrong';
  /** For `wrong`: the affected segments and slices. */
  segments: { segmentIndex: number; label: string; locked: boolean; slices: number[] }[];
}

/** Outcome of a finished review. */
export interface ResultSummary {
  structures: Pick<ReviewedStructure, 'segmentIndex' | 'label' | 'outcomes'>[];
}

/** What can be restored: a review that was left, or what was drawn before a reload. */
export interface ResumeOffer {
  /** Slices of the review that await a decision or were accepted; 0 when there is no review. */
  reviewSlices: number;
  /** Slices with outlines that are not in the viewer now. */
  drawnSlices: number;
}

/** Steps of storing, in order. */
export type StoreStep = { phase: 'making' } | StoreProgress | { phase: 'stopping' };

export type StoreState =
  | { state: 'idle' }
  | { state: 'storing'; step: StoreStep }
  /** `confirmed`: a search of the archive found it. `isChanged`: it has changed in the viewer since. */
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

/** Everything the panel shows. Replaced on each change, never mutated. */
export interface SessionSnapshot {
  status: SessionStatus;
  series: {
    description: string;
    modality: string;
    sliceCount: number;
    /** Plane of the slices unless it is the acquired one, e.g. 'coronal'. */
    plane?: string;
    /** Unusual slice geometry, see `seriesNotes`. */
    notes?: string[];
  } | null;
  /** Slice shown in the active viewport, 0-based; null when unknown. */
  currentSlice: number | null;
  /** Drawing tools of the active viewport; null if it has none. */
  drawing: Drawing | null;
  /** Segmentations in the active viewport. */
  segmentations: ShownSegmentation[];
  /** Segments of the active segmentation. */
  segments: SegmentSummary[];
  fewshotSet: FewshotSetItem[];
  /** Slices of which the user says that the active structure is not there, ascending. */
  absent: number[];
  /** Why Propagate cannot run now; null when it can. */
  obstacle: Obstacle | null;
  settings: Settings;
  compute: Compute;
  /** Whether slices are encoded while the user draws; the user's choice. */
  encodesAhead: boolean;
  /** Number of slices that were encoded ahead for the active segment. */
  encodedAhead: number;
  /** Number of slices to confirm before a run over so many starts; null if it need not be confirmed. */
  confirmSlices: number | null;
  run: RunProgress | null;
  /** Slices where another outline would help most. */
  hints: OutlineHint[];
  /** Flaws to fix before learning, in the outlines of all segments. */
  outlineWarnings: OutlineWarning[];
  /** Which contours of the active segment do not count, and why; null if all do or there are none. */
  contourNote: string | null;
  /** Misread outlines of the active segmentation; null when it is shown as stored. */
  misread: MisreadOutlines | null;
  review: ReviewState | null;
  cleanUp: CleanUpState;
  resume: ResumeOffer | null;
  /** This browser cannot save the unfinished work. */
  unkept: boolean;
  result: ResultSummary | null;
  /** Failure of the last run, until the next run or dismissal. */
  failure: Obstacle | null;
  /** The segmentation was opened from the archive and has changed since. */
  corrected: boolean;
  store: StoreState;
  storeOptions: StoreOptions;
  /** Whether the active data source accepts STOW-RS; else only download is offered. */
  canStore: boolean;
}

/** Slice indices, 0-based, inclusive. */
export interface SliceRange {
  from: number;
  to: number;
}

export type ReviewChoices = Partial<Pick<ReviewState, 'decideOn' | 'previewShown' | 'useAccepted'>>;

/** Actions of the panel. */
export interface SessionActions {
  /** Asks first where very many slices would be segmented. */
  propagate(): void;
  /** Answers the question whether so many slices shall be segmented. */
  confirmPropagate(yes: boolean): void;
  cancel(): void;
  /** Accepts the slice shown and goes to the next one to look at; or accepts every open slice of a range. */
  accept(range?: SliceRange): void;
  /** Rejects the slice shown and goes to the next one to look at; or rejects every open slice of a range. */
  reject(range?: SliceRange): void;
  /** Takes back the decision on the slice shown. */
  reopen(): void;
  /** Decides on some slices, whatever was decided before; null takes the decision back. */
  decideSlices(slices: readonly number[], decision: 'accepted' | 'rejected' | null): void;
  /** Notes that the user saw the predictions on some slices in the contact sheet. */
  noteShown(slices: readonly number[]): void;
  /** Previews a clean-up of the structures to decide on. */
  cleanUp(kind: MaskCleanUpKind): void;
  /** Changes the results as previewed, in one undo step. */
  applyCleanUp(): void;
  cancelCleanUp(): void;
  /** Goes to the next (1) or previous (-1) slice that needs a look. */
  look(step: 1 | -1): void;
  /** Writes the accepted slices in one step. */
  finish(): void;
  /** Accepts every open slice and finishes. */
  acceptAll(): void;
  /** Copies the result on the slice shown into the user's segment, to be corrected by hand. */
  editSlice(): void;
  /** Runs again with the corrections made since. */
  refine(): void;
  changeReview(change: ReviewChoices): void;
  /** Leaves the review; it can be resumed. */
  leave(): void;
  /** Drops the review. */
  discard(): void;
  resume(): void;
  dismissResume(): void;
  /** Excludes an outlined slice from the few-shot set of the active segment, or puts it back. */
  exclude(sliceIndex: number, excluded: boolean): void;
  /** Says of a slice that the active structure is not there, or takes that back. */
  markAbsent(sliceIndex: number, absent: boolean): void;
  /** Fills the reported holes, or removes the reported specks, in one undo step. */
  fixOutlines(segmentIndex: number, kind: OutlineFlawKind): void;
  /** Marks the holes or specks as intended, so that they are not reported again. */
  keepOutlines(segmentIndex: number, kind: OutlineFlawKind): void;
  /** Replaces outlines that OHIF read wrong with those of the file, in one undo step. */
  showAsStored(): void;
  changeSettings(change: Partial<Settings>): void;
  /** Turns encoding while the user draws on or off. */
  encodeAhead(on: boolean): void;
  goToSlice(sliceIndex: number): void;
  selectSegmentation(segmentationId: string): void;
  selectSegment(segmentIndex: number): void;
  addSegment(): void;
  /** Takes one of the viewer's drawing tools; null puts it away. */
  chooseTool(tool: DrawingTool | null): void;
  /** @param radius in mm */
  setBrushRadius(radius: number): void;
  /** Sets the values that the threshold brush fills, in units of the pixels. */
  setThresholdRange(range: { low: number; high: number }): void;
  /** @param termId null for no term */
  chooseTerm(segmentIndex: number, termId: string | null): void;
  renameSegment(segmentIndex: number, label: string): void;
  storeSeg(): void;
  changeStoreOptions(change: Partial<StoreOptions>): void;
  cancelStore(): void;
  downloadSeg(): void;
  dismissFailure(): void;
}

/** Session as a store for React's useSyncExternalStore. */
export interface SessionStore {
  getSnapshot(): SessionSnapshot;
  subscribe(listener: () => void): () => void;
  actions: SessionActions;
  /** Absent: the panel does not offer to clear kept data. */
  kept?: KeptData;
  /** Absent: the panel shows no measurements. */
  results?: ResultsStore;
  /** Absent: the panel has no contact sheet. */
  pictures?: ReviewPictures;
}
