import type { Executor, Program, Storage, Tensor } from '../program';
import { shareWork } from '../shareWork';
import { FIRST_ADDRESS, KernelMachine, type Kernels } from './kernelMachine';
import { MemoryPlan } from './memoryPlan';
import { operationCalls } from './operationCalls';

/** In values of 4 bytes: see `lossSums` in engine/kernels/loss.ts. */
const SUMS_PER_THREAD = 8;

/**
 * Creates an executor on the CPU, in WebAssembly. A run blocks until it is done.
 *
 * @param threads most threads to use
 * @throws RangeError when there is not enough memory
 */
export async function createWasmExecutor(
  program: Program,
  kernels: Kernels,
  threads: number,
): Promise<WasmExecutor> {
  const plan = new MemoryPlan(FIRST_ADDRESS);
  const { slots, slotOf } = shareWork(program);
  const slotAddresses = slots.map(length => plan.allocate(length));
  const addresses = new Map<Storage, number>();
  for (const storage of program.storages) {
    const slot = slotOf.get(storage.id);
    if (slot !== undefined) addresses.set(storage, slotAddresses[slot]);
    else if (storage.role !== 'work') addresses.set(storage, plan.allocate(storage.length));
  }
  const sums = plan.allocate(SUMS_PER_THREAD * threads);
  const at = ({ storage, offset }: Tensor) => addresses.get(storage)! + 4 * offset;
  const names = Object.keys(program.sequences);
  const sequences = names.map(name =>
    program.sequences[name].flatMap(operation => operationCalls(operation, at, sums)),
  );
  const machine = await KernelMachine.start(kernels, { bytes: plan.bytes, sequences }, threads);
  return new WasmExecutor(machine, names, at);
}

export class WasmExecutor implements Executor {
  constructor(
    private readonly machine: KernelMachine,
    private readonly names: readonly string[],
    private readonly addressOf: (tensor: Tensor) => number,
  ) {}

  get threads(): number {
    return this.machine.threads;
  }

  write(tensor: Tensor, values: Float32Array): void {
    this.valuesOf(tensor).set(values);
  }

  read(tensor: Tensor): Promise<Float32Array> {
    return Promise.resolve(this.valuesOf(tensor).slice());
  }

  run(sequence: string): Promise<void> {
    const index = this.names.indexOf(sequence);
    if (index < 0) return Promise.reject(new Error(`the program has no sequence "${sequence}"`));
    this.machine.run(index);
    return Promise.resolve();
  }

  dispose(): void {
    this.machine.dispose();
  }

  private valuesOf(tensor: Tensor): Float32Array {
    return this.machine.floats(this.addressOf(tensor), tensor.rows * tensor.columns);
  }
}
