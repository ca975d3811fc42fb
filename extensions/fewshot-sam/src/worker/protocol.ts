import type {
  Continuation,
  FewshotErrorCode,
  FewshotJob,
  IntensityWindow,
  OnProgress,
  Slice,
  TaskMetadata,
} from 'fewshot-sam';
import type { LabeledStudy, LearnSettings, METHODS } from 'fewshot-sam/compute';
import type { PlainResult, SliceSoFar } from './plainResult';

/**
 * `context`: follows the outlines through the volume; `context-fast`: the same on every second slice;
 * `paper`: fine-tunes SAM's mask decoder.
 */
export type MethodChoice = Exclude<keyof typeof METHODS, 'paper-context' | 'head'>;

/** Location of the worker's files, and the devices it may use. */
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
  /** Name of the device for people: 'WebGPU' or 'CPU, 2 threads'. */
  device: string;
}

/** A structure to learn. */
export interface LearnRequest {
  study: LabeledStudy;
  settings: Pick<LearnSettings, 'name' | 'terms' | 'modality' | 'iterations' | 'copies'>;
  /** Output of `encodeExamples`: slices that the task was learned from, if known. */
  earlier?: Uint8Array;
  /** Output of `encodeTask`: the task to add the slices to. */
  task?: Uint8Array;
}

/** A learned structure. */
export interface LearnedFiles {
  metadata: TaskMetadata;
  /** Output of `encodeTask`. */
  task: Uint8Array;
  /** Output of `encodeExamples`: slices it was learned from. */
  examples: Uint8Array;
  seconds: { encode: number; fit: number };
}

/** A study to apply a task to. */
export interface ApplyRequest {
  /** Output of `encodeTask`. */
  task: Uint8Array;
  /** Slices to segment. */
  slices: Slice[];
  window: IntensityWindow;
  /** mm */
  sliceSpacing: number;
}

/** Slices and the outlines so far, see `viewAhead`. */
export type AheadJob = Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>;

/** An error in a form that structured clone keeps; it drops the code and remedy of a FewshotError. */
export interface PlainError {
  code: FewshotErrorCode;
  message: string;
  remedy: string;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: PlainError };

/** Called with slices before all are segmented. @param isPreview they are not final and will be sent again */
export type OnSlicesSoFar = (slices: SliceSoFar[], isPreview: boolean) => void;

/** Functions of the worker. */
export interface FewshotWorkerApi {
  /** Takes a Web Lock and holds it until the worker ends. Resolves once it is held. */
  holdLock(name: string): Promise<void>;
  load(setup: WorkerSetup, onProgress: OnProgress): Promise<Outcome<WorkerReady>>;
  propagate(
    method: MethodChoice,
    job: FewshotJob,
    onProgress: OnProgress,
    onSlices: OnSlicesSoFar,
  ): Promise<Outcome<PlainResult>>;
  /** @returns state for the run and for `encodeAhead` to continue from */
  viewAhead(job: AheadJob): Promise<Outcome<Continuation>>;
  /** Encodes a slice and caches the embedding for the run. */
  encodeAhead(slice: Slice, view: Continuation): Promise<Outcome<void>>;
  learn(request: LearnRequest, onProgress: OnProgress): Promise<Outcome<LearnedFiles>>;
  apply(request: ApplyRequest, onProgress: OnProgress): Promise<Outcome<PlainResult>>;
  /** Checks a task file against the model, without starting the encoder or decoder. */
  readTask(setup: WorkerSetup, task: Uint8Array): Promise<Outcome<TaskMetadata>>;
}

/**
 * Name of the device for people.
 *
 * @param device e.g. 'webgpu', 'wasm (2 threads)'
 * @returns e.g. 'WebGPU', 'CPU, 2 threads'
 */
export function deviceText(device: string): string {
  return device === 'webgpu' ? 'WebGPU' : device.replace(/^wasm \((.*)\)$/, 'CPU, $1');
}
