/**
 * Times the parts, and whole jobs of the default method on synthetic CT, on the CPU with a browser's code
 * and on the machine's GPU; and compares the results of both.
 */
import { context } from '../../../engine/src/context/context';
import type { FewshotResult } from '../../../engine/src/job/job';
import { propagate } from '../../../engine/src/finetune/propagate';
import { startWeights } from '../../../engine/src/finetune/startWeights';
import { encoderInput } from '../../../engine/src/sam/encoderInput';
import { resolveWindow } from '../../../engine/src/image/window';
import { countOverlap, iou, sumOverlaps } from '../../../engine/src/image/overlap';
import { createWebGpuExecutor } from '../../../engine/src/program/webgpu/executor';
import { createWasmExecutor } from '../../../engine/src/program/wasm/executor';
import { EMBEDDING_SIZE } from '../../../engine/src/sam/imageEncoder';
import { decoderTraining, largestDifference } from '../../parity/decoderGradients';
import { seriesFigures, trainingFigures } from '../figures';
import { seriesJob, trainingJob } from '../job';
import { startNodeGpu } from './nodeGpu';
import { webParts, type Folders, type WebParts } from './webParts';

export interface Choice {
  /** Slices of each job. */
  sizes: readonly number[];
  backends: readonly string[];
  /** See `startNodeGpu`. */
  software: boolean;
}

/** Prints the measurements. Node does not exit by itself afterwards, because WebGPU keeps it alive. */
export async function measureBackends(folders: Folders, choice: Choice): Promise<void> {
  const { sizes, backends, software } = choice;
  const cpu = backends.includes('cpu') ? await webParts(folders, 'cpu') : null;
  const onCpu = cpu && (await measure(`CPU (${cpu.encoder.device})`, cpu, sizes));
  if (!backends.includes('webgpu')) return;
  const name = await startNodeGpu(software);
  if (!name) {
    console.log('WebGPU in Node: not measured, no GPU was found here.');
    return;
  }
  const gpu = await webParts(folders, 'webgpu');
  const onGpu = await measure(`WebGPU in Node (${name})`, gpu, sizes);
  await agreement(cpu ?? (await webParts(folders, 'cpu')), gpu);
  if (onCpu && onGpu) {
    console.log(
      `Masks of ${sizes[0]} slices, WebGPU against CPU: IoU ${maskAgreement(onGpu, onCpu).toFixed(5)}`,
    );
  }
}

const seconds = (value: number) =>
  value < 0.1 ? `${(1000 * value).toFixed(1)} ms` : `${value.toFixed(value < 10 ? 2 : 0)} s`;

async function measure(name: string, parts: WebParts, sizes: readonly number[]) {
  const job = trainingJob();
  // Warm up: compile shaders, allocate memory.
  await propagate({ ...job, iterations: 1 }, parts);
  const busy = parts.startingSeconds();
  const trained = await propagate(job, parts);
  const { encodePerSlice, step, segmentPerSlice } = trainingFigures(job, trained);
  const started = parts.startingSeconds() - busy;
  console.log(
    `${name}: encode ${seconds(encodePerSlice)} a slice, train ${seconds(step)} a step (two slices; at most ${seconds(started / trained.iterations)} of it JavaScript), segment ${seconds(segmentPerSlice)} a slice`,
  );
  let first: FewshotResult | null = null;
  for (const size of sizes) {
    const figures = await seriesFigures(size, async (series, onSlices) => {
      const result = await context(series, parts, { onSlices: () => onSlices(false) });
      first ??= result;
      return result;
    });
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `  ${size} slices, 5 labeled: first result ${seconds(figures.firstResult)}, whole ${seconds(figures.whole)} (encoding ${seconds(figures.encode)}), peak memory of the process so far ${memory} MB`,
    );
  }
  return first as FewshotResult | null;
}

/** Compares the GPU with the CPU, whose kernels are tested against other programs. */
async function agreement(cpu: WebParts, gpu: WebParts): Promise<void> {
  const training = decoderTraining(startWeights(cpu.weights), EMBEDDING_SIZE);
  const onCpu = await createWasmExecutor(training.program, cpu.kernels, 1);
  const onGpu = await createWebGpuExecutor(training.program, gpu.encoder.gpu!);
  const { gradients, logits } = training.compare(
    await training.step(onGpu),
    await training.step(onCpu),
  );
  const { gradient, update } = onGpu.dispatches;
  const { slices, window } = seriesJob(6);
  const { input } = encoderInput(slices[0], resolveWindow(window, slices));
  const embedding = largestDifference(
    await gpu.encoder.encode(input.slice()),
    await cpu.encoder.encode(input),
  );
  console.log(
    `WebGPU against CPU: ${gradient + update} dispatches per step, gradients differ by ${gradients.toExponential(1)}, logits by ${logits.toExponential(1)}, embeddings by ${embedding.toExponential(1)} (of the largest value)`,
  );
  onCpu.dispose();
  onGpu.dispose();
}

function maskAgreement(a: FewshotResult, b: FewshotResult): number {
  return iou(sumOverlaps(a.slices.map(({ mask }, i) => countOverlap(mask, b.slices[i].mask))));
}
