import type {
  Continuation,
  FewshotErrorCode,
  FewshotJob,
  IntensityWindow,
  OnProgress,
  Slice,
  TaskMetadata,
} from 'fewshot-sam';
import type { LabelledStudy, LearnSettings, METHODS } from 'fewshot-sam/compute';
import type { PlainResult, SliceSoFar } from './plainResult';

/**
 * `context`: follows the outlines through the volume; `context-fast`: the same on every second slice;
 * `paper`: fine-tunes SAM's mask decoder.
 */
export type MethodChoice = Exclude<keyof typeof METHODS, 'paper-context'>;

/** Where the worker finds its files, and what it may compute with. */
export interface WorkerSetup {
  /** Folder of one model, ending in a slash: manifest.json, encoder, decoder. */
  modelUrl: string;
  /** Folder of the wasm binaries, ending in a slash. */
  wasmUrl: string;
  /** `auto`: WebGPU on real hardware, else wasm. */
  prefer: 'auto' | 'wasm';
}

export interface WorkerReady {
  /** Name of the model, e.g. 'MobileSAM'. */
  model: string;
  /** What computes, for people: 'WebGPU' or 'CPU, 2 threads'. */
  device: string;
}

/** A structure to learn. */
export interface LearnRequest {
  study: LabelledStudy;
  settings: Pick<
    LearnSettings,
    'name' | 'terms' | 'modality' | 'iterations' | 'copies' | 'measures'
  >;
  /** File of `encodeExamples`: what the task was learned from before, as far as it is known. */
  earlier?: Uint8Array;
  /** File of `encodeTask`: the task that the slices are added to. */
  task?: Uint8Array;
}

/** A structure that was learned. */
export interface LearnedFiles {
  metadata: TaskMetadata;
  /** The task as `encodeTask` writes it. */
  task: Uint8Array;
  /** What it was learned from, as `encodeExamples` writes it. */
  examples: Uint8Array;
  seconds: { encode: number; fit: number };
}

/** A study in which a task shall find its structure. */
export interface ApplyRequest {
  /** As `encodeTask` writes it. */
  task: Uint8Array;
  /** All of them are segmented. */
  slices: Slice[];
  window: IntensityWindow;
  /** mm */
  sliceSpacing: number;
}

/** The outlines so far, and slices: see `viewAhead`. */
export type AheadJob = Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>;

/** An error on its way through structured clone, which would drop its code and remedy. */
export interface PlainError {
  code: FewshotErrorCode;
  message: string;
  remedy: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: PlainError };

/** Told of slices before all are there. @param isPreview they are not final, and are told of again */
export type OnSlicesSoFar = (slices: SliceSoFar[], isPreview: boolean) => void;

/** What the worker offers. */
export interface FewshotWorkerApi {
  /** Takes a Web Lock and holds it as long as the worker lives; resolves when it is held. */
  holdLock(name: string): Promise<void>;
  load(setup: WorkerSetup, onProgress: OnProgress): Promise<Outcome<WorkerReady>>;
  propagate(
    method: MethodChoice,
    job: FewshotJob,
    onProgress: OnProgress,
    onSlices: OnSlicesSoFar,
  ): Promise<Outcome<PlainResult>>;
  /** @returns what the run and `encodeAhead` continue from */
  viewAhead(job: AheadJob): Promise<Outcome<Continuation>>;
  /** Keeps the embedding of a slice for the run. */
  encodeAhead(slice: Slice, view: Continuation): Promise<Outcome<void>>;
  learn(request: LearnRequest, onProgress: OnProgress): Promise<Outcome<LearnedFiles>>;
  apply(request: ApplyRequest, onProgress: OnProgress): Promise<Outcome<PlainResult>>;
  /** Checks a task file against the model; neither encoder nor decoder are started for it. */
  readTask(setup: WorkerSetup, task: Uint8Array): Promise<Outcome<TaskMetadata>>;
}
