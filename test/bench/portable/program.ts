/**
 * The benchmark that travels: `run [--slices 20,100] [--backends cpu,webgpu] [--software]` in the folder
 * that `npm run bench:bundle` makes. What the parts cost and whole jobs of the default method on
 * synthetic CT, on the CPU as a browser computes on it and on the machine's GPU; and how far the two
 * agree.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { machineText } from '../../../engine/src/cli/machine';
import { context } from '../../../engine/src/context/context';
import type { FewshotResult } from '../../../engine/src/fewshot/job';
import { propagate } from '../../../engine/src/fewshot/propagate';
import { startWeights } from '../../../engine/src/fewshot/startWeights';
import { encoderInput } from '../../../engine/src/image/encoderInput';
import { resolveWindow } from '../../../engine/src/image/window';
import { countOverlap, iou, sumOverlaps } from '../../../engine/src/metrics/overlap';
import { createWebGpuExecutor } from '../../../engine/src/program/webgpu/executor';
import { createWasmExecutor } from '../../../engine/src/program/wasm/executor';
import { EMBEDDING_SIZE } from '../../../engine/src/sam/imageEncoder';
import { decoderTraining, largestDifference } from '../../parity/decoderGradients';
import { seriesFigures, trainingFigures } from '../figures';
import { seriesJob, trainingJob } from '../job';
import { startNodeGpu } from './nodeGpu';
import { webParts, type Folders, type WebParts } from './webParts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const FOLDERS: Folders = { model: here('model'), wasm: here('wasm') };

const seconds = (value: number) =>
  value < 0.1 ? `${(1000 * value).toFixed(1)} ms` : `${value.toFixed(value < 10 ? 2 : 0)} s`;

async function measure(name: string, parts: WebParts, sizes: readonly number[]) {
  const job = trainingJob();
  // Once for nothing: shaders are compiled, memory is allocated.
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
      const result = await context(series, parts, { onSlices });
      first ??= result;
      return result;
    });
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `  ${size} slices, 5 labelled: first result ${seconds(figures.firstResult)}, whole ${seconds(figures.whole)} (encoding ${seconds(figures.encode)}), peak memory of the process so far ${memory} MB`,
    );
  }
  return first as FewshotResult | null;
}

/** How far the GPU is from the CPU, whose kernels are tested against other programs. */
async function agreement(cpu: WebParts, gpu: WebParts): Promise<void> {
  const training = decoderTraining(startWeights(cpu.weights), EMBEDDING_SIZE);
  const onCpu = await createWasmExecutor(training.program, cpu.kernels, 1);
  const onGpu = await createWebGpuExecutor(training.program, gpu.encoder.gpu!);
  const { gradients, logits } = training.compare(
    await training.step(onGpu),
    await training.step(onCpu),
  );
  const { gradient, update } = onGpu.launches;
  const { slices, window } = seriesJob(6);
  const { input } = encoderInput(slices[0], resolveWindow(window, slices));
  const embedding = largestDifference(
    await gpu.encoder.encode(input.slice()),
    await cpu.encoder.encode(input),
  );
  console.log(
    `WebGPU against CPU: ${gradient + update} launches a step, gradients differ by ${gradients.toExponential(1)}, logits by ${logits.toExponential(1)}, embeddings by ${embedding.toExponential(1)} (of the largest value)`,
  );
  onCpu.dispose();
  onGpu.dispose();
}

function maskAgreement(a: FewshotResult, b: FewshotResult): number {
  return iou(sumOverlaps(a.slices.map(({ mask }, i) => countOverlap(mask, b.slices[i].mask))));
}

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '20,100' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    software: { type: 'boolean', default: false },
  },
});
const sizes = values.slices.split(',').filter(Boolean).map(Number);
if (sizes.some(size => !Number.isInteger(size) || size < 6)) {
  throw new Error(`--slices ${values.slices}: give whole numbers of at least 6, e.g. 20,100`);
}
const build = await readFile(here('BUILD'), 'utf8').catch(() => 'not bundled');
console.log(`${new Date().toISOString().slice(0, 10)}, ${machineText()}; build ${build.trim()}`);
const backends = values.backends.split(',');
const cpu = backends.includes('cpu') ? await webParts(FOLDERS, 'cpu') : null;
const onCpu = cpu && (await measure(`CPU (${cpu.encoder.device})`, cpu, sizes));
if (backends.includes('webgpu')) {
  const name = await startNodeGpu(values.software);
  if (!name) throw new Error('WebGPU finds no GPU here. Is the driver installed, with Vulkan?');
  const gpu = await webParts(FOLDERS, 'webgpu');
  const onGpu = await measure(`WebGPU (${name})`, gpu, sizes);
  if (cpu) await agreement(cpu, gpu);
  if (onCpu && onGpu) {
    console.log(
      `Masks of ${sizes[0]} slices, WebGPU against CPU: IoU ${maskAgreement(onGpu, onCpu).toFixed(5)}`,
    );
  }
}
// WebGPU keeps Node alive.
process.exit(0);
