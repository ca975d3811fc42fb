/** A kernel's name and its arguments, in the order of its parameters in engine/kernels/. */
export interface KernelCall {
  readonly kernel: string;
  readonly args: readonly number[];
}

/** Groups of calls in order; the threads wait for each other after every group. */
export type KernelSequence = readonly (readonly KernelCall[])[];

type Kernel = (...args: readonly number[]) => void;

/** The kernels, instantiated for one thread. */
export class KernelInstance {
  private readonly exports: Record<string, Kernel>;

  constructor(
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    private readonly thread: {
      index: number;
      count: number;
      scratch: number;
      meetingPlace: number;
    },
  ) {
    const imports = { env: { memory, abort: () => undefined } };
    this.exports = new WebAssembly.Instance(module, imports).exports as Record<string, Kernel>;
    this.exports.setThread(thread.index, thread.count, thread.scratch);
  }

  /** Runs this thread's part of a sequence. */
  run(sequence: KernelSequence): void {
    const { count, meetingPlace } = this.thread;
    for (const group of sequence) {
      for (const { kernel, args } of group) this.exports[kernel](...args);
      if (count > 1) this.exports.meet(meetingPlace, count);
    }
  }
}
