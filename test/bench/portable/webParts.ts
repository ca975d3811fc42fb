/** The parts that a browser's worker computes with, in Node: the same files, kernels and shaders. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFeatureProducts } from '../../../engine/src/context/featureProducts';
import { createMatcher } from '../../../engine/src/context/matchKernel';
import { programEngine } from '../../../engine/src/finetune/programEngine';
import type { PropagateParts } from '../../../engine/src/methods/parts';
import { createWebGpuExecutor } from '../../../engine/src/program/webgpu/executor';
import { createWasmExecutor } from '../../../engine/src/program/wasm/executor';
import { kernelsInNode } from '../../../engine/src/program/wasm/kernelsNode';
import type { Kernels } from '../../../engine/src/program/wasm/kernelMachine';
import { executorSelfTest } from '../../../engine/src/runtime/executorSelfTest';
import { createImageEncoderWeb } from '../../../engine/src/sam/imageEncoderOnnxWeb';
import { sensibleThreads } from '../../../engine/src/platform/threads';
import { createImageEncoderWasm } from '../../../engine/src/sam/imageEncoderWasm';
import { loadManifest, loadModelFile } from '../../../engine/src/sam/modelFiles';
import { readModelFolder } from '../../../engine/src/sam/modelFilesNode';
import { parseSafetensors } from '../../../engine/src/sam/safetensors';

export interface Folders {
  /** Folder of the model. */
  model: string;
  /** Folder of our kernels and of `fewshot-thread.mjs`. */
  kernels: string;
  /** Folder of ONNX Runtime's files for WebGPU. */
  onnxruntime: string;
}

export interface WebParts extends PropagateParts {
  kernels: Kernels;
  /** Returns the seconds that JavaScript has spent starting sequences of the decoder so far. */
  startingSeconds(): number;
}

/** Loads the parts. @param backend `webgpu` requires `startNodeGpu` first */
export async function webParts(folders: Folders, backend: 'cpu' | 'webgpu'): Promise<WebParts> {
  const read = readModelFolder(folders.model);
  const manifest = await loadManifest(read);
  const file = (name: 'decoder' | 'encoder' | 'encoderWeights') =>
    loadModelFile(manifest, name, read);
  const encoderWeights = await file('encoderWeights');
  const kernels = await kernelsInNode(folders.kernels);
  const threads = sensibleThreads(availableParallelism());
  const common = {
    modelSha256: manifest.files.encoderWeights.sha256,
    weights: parseSafetensors(await file('decoder')).weights,
    products: createFeatureProducts(program => createWasmExecutor(program, kernels, 1)),
    match: await createMatcher(kernels),
    kernels,
  };
  if (backend === 'cpu') {
    const { weights } = parseSafetensors(encoderWeights);
    return {
      ...common,
      encoder: await createImageEncoderWasm(weights, kernels, threads),
      decoders: programEngine('cpu', program => createWasmExecutor(program, kernels, threads)),
      startingSeconds: () => 0,
    };
  }
  const encoder = await createImageEncoderWeb(await file('encoder'), {
    weights: encoderWeights,
    wasmPath: pathToFileURL(`${path.resolve(folders.onnxruntime)}/`).href,
    prefer: 'webgpu',
  });
  const device = encoder.gpu!;
  await executorSelfTest(program => createWebGpuExecutor(program, device));
  let milliseconds = 0;
  const decoders = programEngine('webgpu', async program => {
    const executor = await createWebGpuExecutor(program, device);
    const run = executor.run.bind(executor);
    executor.run = sequence => {
      const start = performance.now();
      const handedOver = run(sequence);
      milliseconds += performance.now() - start;
      return handedOver;
    };
    return executor;
  });
  return { ...common, encoder, decoders, startingSeconds: () => milliseconds / 1000 };
}
