import * as Comlink from 'comlink';
import {
  FewshotError,
  type FewshotResult,
  type FileHashes,
  isOutOfMemory,
  type OnProgress,
  OpfsCache,
  outOfMemory,
  PluginFiles,
  sensibleThreads,
  type Slice,
} from 'fewshot-sam';
import {
  createFeatureProducts,
  createMatcher,
  createWasmExecutor,
  encodeAhead,
  fetchModelFolder,
  type ImageEncoder,
  kernelsInBrowser,
  layeredCache,
  loadManifest,
  loadModelFile,
  MemoryCache,
  METHODS,
  parseSafetensors,
  type PropagateParts,
  selectDecoders,
  selectEncoder,
  startedOnDemand,
  viewAhead,
} from 'fewshot-sam/compute';
import {
  buffersOf,
  plainResult,
  slicesSoFar,
  type PlainResult,
  type SliceSoFar,
} from './plainResult';
import { apply, learn, readTask } from './tasks';
import {
  deviceText,
  type FewshotWorkerApi,
  type Outcome,
  type PlainError,
  type WorkerReady,
  type WorkerSetup,
} from './protocol';

/** Hashes of the files in the folder `wasm`, set by the build. */
declare const FEWSHOT_WASM_HASHES: FileHashes;

/** Embeddings kept in memory: 128 slices, or 32 if the browser's file system keeps them all. */
const MEMORY_BYTES = 256 * 2 ** 20;
const MEMORY_BYTES_BESIDE_DISK = 64 * 2 ** 20;

let parts: PropagateParts | null = null;
let modelId = '';

async function load(setup: WorkerSetup, onProgress: OnProgress): Promise<WorkerReady> {
  const read = fetchModelFolder(setup.modelUrl);
  const manifest = await loadManifest(read);
  const decoder = await loadModelFile(manifest, 'decoder', read, onProgress);
  const graph = await loadModelFile(manifest, 'encoder', read, onProgress);
  const weights = await loadModelFile(manifest, 'encoderWeights', read, onProgress);
  const files = new PluginFiles(setup.wasmUrl, FEWSHOT_WASM_HASHES);
  const kernels = await kernelsInBrowser(files);
  const computing = {
    prefer: setup.prefer,
    files,
    kernels,
    threads: sensibleThreads(),
    wasmPath: setup.wasmUrl,
  };
  const encoder = await selectEncoder(graph, weights, computing);
  let small: Promise<ImageEncoder> | undefined;
  const disk = await OpfsCache.open();
  const memory = new MemoryCache(disk ? MEMORY_BYTES_BESIDE_DISK : MEMORY_BYTES);
  parts = {
    encoder,
    modelSha256: manifest.files.encoderWeights.sha256,
    weights: parseSafetensors(decoder).weights,
    decoders: startedOnDemand(() => selectDecoders({ ...computing, gpu: encoder.gpu })),
    products: createFeatureProducts(program => createWasmExecutor(program, kernels, 1)),
    // A GPU's encoder takes one size only.
    smallEncoder: () =>
      (small ??= selectEncoder(graph, weights, { ...computing, prefer: 'wasm' }).catch(
        (error: unknown) => {
          small = undefined;
          throw error;
        },
      )),
    createExecutor: program => createWasmExecutor(program, kernels, computing.threads),
    match: await createMatcher(kernels),
    cache: disk ? layeredCache(memory, disk) : memory,
  };
  modelId = manifest.id;
  return { model: manifest.name, device: deviceText(encoder.device) };
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: plain(error) };
  }
}

function plain(error: unknown): PlainError {
  if (error instanceof FewshotError) {
    const { code, message, remedy } = error;
    return { code, message, remedy };
  }
  if (isOutOfMemory(error)) return plain(outOfMemory(error));
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'bad-result',
    message: `The computation failed (${message}).`,
    remedy: 'Nothing was changed. Try again; reload the page if it happens twice.',
  };
}

function loaded(): PropagateParts {
  if (!parts) throw new Error('the model is not loaded');
  return parts;
}

/** Transfers the masks of a result instead of copying them. */
async function plainOutcome(work: () => Promise<FewshotResult>): Promise<Outcome<PlainResult>> {
  const result = await outcome(async () => plainResult(await work()));
  return Comlink.transfer(result, result.ok ? buffersOf(result.value.slices) : []);
}

/** Frees the pixels of finished slices: nothing else reads them. */
function releasePixels(slices: readonly Slice[]): void {
  for (const slice of slices) slice.pixels = new Int16Array(0);
}

const api: FewshotWorkerApi = {
  async holdLock(name) {
    await new Promise<void>(held => {
      const untilTheEnd = new Promise(() => undefined);
      const locks = navigator.locks?.request(name, () => {
        held();
        return untilTheEnd;
      });
      if (!locks) held();
    });
  },
  load(setup, onProgress) {
    return outcome(() => load(setup, onProgress));
  },
  propagate(method, job, onProgress, onSlices) {
    const tell = (slices: SliceSoFar[], isPreview: boolean) =>
      onSlices(Comlink.transfer(slices, buffersOf(slices)), isPreview);
    return plainOutcome(async () => {
      const segment = await METHODS[method].load();
      return segment(job, loaded(), {
        onProgress,
        onFinished: releasePixels,
        onSlices: slices => tell(slicesSoFar(slices), false),
        onPreview: slice => tell(slicesSoFar([slice]), true),
      });
    });
  },
  viewAhead(job) {
    return outcome(async () => viewAhead(job));
  },
  encodeAhead(slice, view) {
    return outcome(() => encodeAhead(slice, view, loaded()));
  },
  async learn(request, onProgress) {
    const result = await outcome(async () => learn(request, modelId, loaded(), onProgress));
    const files = result.ok ? [result.value.task, result.value.examples] : [];
    return Comlink.transfer(
      result,
      files.map(file => file.buffer as ArrayBuffer),
    );
  },
  apply(request, onProgress) {
    return plainOutcome(async () => apply(request, loaded(), onProgress, releasePixels));
  },
  readTask(setup, task) {
    return outcome(() => readTask(setup.modelUrl, task));
  },
};

Comlink.expose(api);
