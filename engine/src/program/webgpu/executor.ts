import { FewshotError } from '../../platform/errors';
import { nextTask } from '../../platform/nextTask';
import { GpuLoss, gpuLost } from '../../platform/gpuLoss';
import type { Executor, Program, Tensor } from '../program';
import { Buffers } from './buffers';
import type { Kernel } from './kernel';
import { kernelsOf } from './kernels';
import { pipelineOf } from './pipelines';

export interface WebGpuExecutor extends Executor {
  /** Number of dispatches of each sequence. */
  readonly dispatches: Readonly<Record<string, number>>;
}

interface Command {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/**
 * Prepares a program for a device: creates memory, shaders and bindings, so that a run only records and
 * submits. The default device limits suffice. The caller owns the device: `dispose` frees only the
 * executor's memory.
 *
 * After the device is lost, `run` and `read` reject with FewshotError `gpu-lost`.
 *
 * @throws FewshotError `backend-unusable` when the device refuses the shaders or has too little memory;
 *   `gpu-lost`
 * @throws Error when the program itself is wrong
 */
export async function createWebGpuExecutor(
  program: Program,
  device: GPUDevice,
): Promise<WebGpuExecutor> {
  const loss = new GpuLoss(device);
  return loss.during(() => prepareAll(program, device, loss));
}

async function prepareAll(program: Program, device: GPUDevice, loss: GpuLoss): Promise<Runner> {
  const planned = Object.entries(program.sequences).map(
    ([name, operations]) => [name, operations.flatMap(kernelsOf)] as const,
  );
  const kernels = planned.flatMap(([, own]) => own);
  let buffers: Buffers | null = null;
  try {
    const prepared = await inErrorScopes(device, () => {
      const memory = (buffers = new Buffers(device, program, kernels));
      return planned.map(
        ([name, own]) => [name, own.map(kernel => prepare(device, memory, kernel))] as const,
      );
    });
    const sequences = new Map<string, Command[]>();
    for (const [name, own] of prepared) sequences.set(name, await Promise.all(own.map(c => c())));
    // Some mistakes show only when commands are recorded, so record them once without running them.
    await inErrorScopes(device, () => sequences.forEach(commands => record(device, commands)));
    // A lost device may accept everything, but what it created is useless.
    await nextTask();
    loss.check();
    return new Runner(device, buffers!, sequences, loss);
  } catch (error) {
    (buffers as Buffers | null)?.dispose();
    throw error;
  }
}

/** Starts to compile a kernel and binds its memory. @returns a function that waits for the compiler */
function prepare(device: GPUDevice, buffers: Buffers, kernel: Kernel): () => Promise<Command> {
  const { layout, ready } = pipelineOf(device, kernel);
  const bindGroup = device.createBindGroup({
    layout,
    entries: kernel.bindings.map(({ tensor }, binding) => ({
      binding,
      resource: buffers.binding(tensor),
    })),
  });
  return async () => {
    try {
      return { pipeline: await ready, bindGroup, workgroups: kernel.workgroups };
    } catch (error) {
      throw refused(error instanceof Error ? error.message : String(error), error);
    }
  };
}

/**
 * Runs work that the device may refuse. Closes the error scopes before awaiting anything, because all users
 * of the device share its stack of scopes.
 */
async function inErrorScopes<T>(device: GPUDevice, work: () => T): Promise<T> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let popped: Promise<(GPUError | null)[]>;
  let result: T;
  try {
    result = work();
  } finally {
    popped = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    popped.catch(() => undefined);
  }
  const error = (await popped).find(found => found !== null);
  if (error) throw refused(error.message, error);
  return result;
}

function refused(message: string, cause: unknown): FewshotError {
  return new FewshotError(
    'backend-unusable',
    `The GPU refused the computation: ${message}`,
    'Close other programs that use the GPU and try again, or choose the CPU backend.',
    { cause },
  );
}

function record(device: GPUDevice, commands: readonly Command[]): GPUCommandBuffer {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  let current: GPUComputePipeline | null = null;
  for (const { pipeline, bindGroup, workgroups } of commands) {
    if (pipeline !== current) pass.setPipeline(pipeline);
    current = pipeline;
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(workgroups[0], workgroups[1], workgroups[2]);
  }
  pass.end();
  return encoder.finish();
}

class Runner implements WebGpuExecutor {
  readonly dispatches: Readonly<Record<string, number>>;
  private isDisposed = false;

  constructor(
    private readonly device: GPUDevice,
    private readonly buffers: Buffers,
    private readonly sequences: ReadonlyMap<string, readonly Command[]>,
    private readonly loss: GpuLoss,
  ) {
    this.dispatches = Object.fromEntries(
      [...sequences].map(([name, commands]) => [name, commands.length]),
    );
  }

  write(tensor: Tensor, values: Float32Array): void {
    this.checkKept(tensor);
    const length = tensor.rows * tensor.columns;
    if (values.length !== length) {
      throw new Error(`A tensor of ${length} values was given ${values.length}.`);
    }
    const bytes = tensor.offset * Float32Array.BYTES_PER_ELEMENT;
    this.device.queue.writeBuffer(this.buffers.of(tensor.storage), bytes, notShared(values));
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    this.checkAlive();
    this.checkKept(tensor);
    return this.loss.during(() => this.copied(tensor));
  }

  private async copied(tensor: Tensor): Promise<Float32Array> {
    const size = tensor.rows * tensor.columns * Float32Array.BYTES_PER_ELEMENT;
    const bytes = tensor.offset * Float32Array.BYTES_PER_ELEMENT;
    const staging = this.device.createBuffer({
      label: 'read',
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    try {
      const encoder = this.device.createCommandEncoder();
      encoder.copyBufferToBuffer(this.buffers.of(tensor.storage), bytes, staging, 0, size);
      this.device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.getMappedRange()).slice();
    } catch (error) {
      throw gpuLost('its memory cannot be read', error);
    } finally {
      staging.destroy();
    }
  }

  async run(sequence: string): Promise<void> {
    this.checkAlive();
    const commands = this.sequences.get(sequence);
    if (!commands) {
      const known = [...this.sequences.keys()].join(', ');
      throw new Error(`The program has no sequence ${sequence}, only ${known}.`);
    }
    this.device.queue.submit([record(this.device, commands)]);
  }

  dispose(): void {
    this.isDisposed = true;
    this.buffers.dispose();
  }

  private checkAlive(): void {
    if (this.isDisposed) throw new Error('The executor has been disposed.');
    this.loss.check();
  }

  private checkKept({ storage }: Tensor): void {
    if (storage.role !== 'work') return;
    throw new Error(`Storage ${storage.id} is a work storage: it keeps nothing between runs.`);
  }
}

/** Copies memory that is shared between threads, which browsers refuse here. */
function notShared(values: Float32Array): Float32Array<ArrayBuffer> {
  if (values.buffer instanceof ArrayBuffer) return values as Float32Array<ArrayBuffer>;
  return new Float32Array(values);
}
