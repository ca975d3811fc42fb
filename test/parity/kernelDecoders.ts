/** The decoder engine of the CPU, as the build made it, for tests. */
import path from 'node:path';
import {
  createFeatureProducts,
  type FeatureProducts,
} from '../../engine/src/context/featureProducts';
import { createMatcher } from '../../engine/src/context/matchKernel';
import type { MatchSlices } from '../../engine/src/context/matchSlices';
import type { Kernels } from '../../engine/src/program/wasm/kernelMachine';
import type { DecoderEngine } from '../../engine/src/finetune/decoderEngine';
import { programEngine } from '../../engine/src/finetune/programEngine';
import { createWasmExecutor } from '../../engine/src/program/wasm/executor';
import { kernelsInNode } from '../../engine/src/program/wasm/kernelsNode';

/** Our own kernels as the build made them. */
export function builtKernels(relaxed?: boolean): Promise<Kernels> {
  return kernelsInNode(path.resolve('engine/dist'), relaxed);
}

/** What matching multiplies with, as in the product: plain JavaScript takes tens of times as long. */
export async function kernelProducts(): Promise<FeatureProducts> {
  const kernels = await builtKernels();
  return createFeatureProducts(program => createWasmExecutor(program, kernels, 1));
}

/** What matching compares tokens with, as in the product: plain JavaScript takes 20 times as long. */
export async function kernelMatcher(): Promise<MatchSlices> {
  return createMatcher(await builtKernels());
}

/** @returns also how many of its executors, with their threads and memory, are not disposed of */
export async function kernelDecoders(
  threads = 1,
): Promise<{ decoders: DecoderEngine; open: () => number }> {
  const kernels = await builtKernels();
  let open = 0;
  const decoders = programEngine(`wasm (${threads})`, async program => {
    const executor = await createWasmExecutor(program, kernels, threads);
    open++;
    const dispose = executor.dispose.bind(executor);
    executor.dispose = () => {
      open--;
      dispose();
    };
    return executor;
  });
  return { decoders, open: () => open };
}
