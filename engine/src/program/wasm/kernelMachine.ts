import { KernelInstance, type KernelSequence } from './kernelModule';
import { END, type ThreadSetup } from './threadMessages';

/** Handle of a helper thread. */
export interface ThreadHandle {
  /** Sends the setup. Resolves when the thread waits for orders. */
  start(setup: ThreadSetup): Promise<void>;
  terminate(): void;
}

/** The compiled kernels, and how to start a thread that runs them. */
export interface Kernels {
  /** For the memory of a single thread. */
  single: WebAssembly.Module;
  /** For shared memory; null where memory cannot be shared. */
  shared: WebAssembly.Module | null;
  startThread: () => ThreadHandle;
}

export interface MachinePlan {
  /** Memory that the sequences use, from address `FIRST_ADDRESS` on. */
  bytes: number;
  sequences: readonly KernelSequence[];
}

/** Memory below is reserved for the kernels: their tables, the barrier, the orders. */
export const FIRST_ADDRESS = 65536;
const MEETING_PLACE = 60000 - (60000 % 64);
const ORDERS = MEETING_PLACE + 64;
const PAGE = 65536;
/**
 * Bytes of scratch memory per thread: see MATMUL_SCRATCH in engine/kernels/matmul.ts, and the rows of a
 * convolution.
 */
export const THREAD_SCRATCH = 4 * 2 ** 20;
const START_MS = 10_000;

/**
 * Runs sequences of kernels in a memory of its own, on the calling thread and any helper threads that it
 * starts. A run blocks the calling thread, so call it from a worker, never from a page's main thread.
 */
export class KernelMachine {
  private runs = 0;

  private constructor(
    readonly memory: WebAssembly.Memory,
    private readonly instance: KernelInstance,
    private readonly sequences: readonly KernelSequence[],
    private readonly helpers: readonly ThreadHandle[],
  ) {}

  get threads(): number {
    return this.helpers.length + 1;
  }

  /**
   * @param threads most threads to use; only one is used where memory cannot be shared
   * @throws RangeError when there is not enough memory
   */
  static async start(
    kernels: Kernels,
    { bytes, sequences }: MachinePlan,
    threads: number,
  ): Promise<KernelMachine> {
    const count = kernels.shared ? Math.max(1, threads) : 1;
    const scratch = FIRST_ADDRESS + Math.ceil(bytes / 64) * 64;
    const pages = Math.ceil((scratch + count * THREAD_SCRATCH) / PAGE);
    const shared = count > 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared });
    const module = shared ? kernels.shared! : kernels.single;
    const place = (index: number) => ({
      index,
      count,
      scratch: scratch + index * THREAD_SCRATCH,
      meetingPlace: MEETING_PLACE,
    });
    const helpers: ThreadHandle[] = [];
    try {
      for (let index = 1; index < count; index++) helpers.push(kernels.startThread());
      await inTime(
        Promise.all(
          helpers.map((helper, i) =>
            helper.start({ module, memory, thread: place(i + 1), sequences, orders: ORDERS }),
          ),
        ),
      );
    } catch (error) {
      helpers.forEach(helper => helper.terminate());
      // Where workers may not be started, run on the calling thread alone.
      if (count > 1) return KernelMachine.start(kernels, { bytes, sequences }, 1);
      throw error;
    }
    const instance = new KernelInstance(module, memory, place(0));
    return new KernelMachine(memory, instance, sequences, helpers);
  }

  /** Returns a view of the memory from an address on. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  integers(address: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, address, length);
  }

  /** Runs a sequence to its end. */
  run(sequence: number): void {
    this.order(sequence);
    this.instance.run(this.sequences[sequence]);
  }

  dispose(): void {
    this.order(END);
    this.helpers.forEach(helper => helper.terminate());
  }

  private order(order: number): void {
    if (this.helpers.length === 0) return;
    const cells = this.integers(ORDERS, 2);
    Atomics.store(cells, 1, order);
    Atomics.store(cells, 0, ++this.runs);
    Atomics.notify(cells, 0);
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('a thread did not start in time')), START_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
