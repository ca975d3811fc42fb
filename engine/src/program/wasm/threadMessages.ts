import type { KernelSequence } from './kernelModule';

/** What a thread is told when it starts. */
export interface ThreadSetup {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: { index: number; count: number; scratch: number; meetingPlace: number };
  sequences: readonly KernelSequence[];
  /** Address of two int32: how many runs were started, and which sequence is the latest. */
  orders: number;
}

/** What it answers once it waits for orders. */
export const READY = 'ready';

/** Instead of a sequence's number: the thread ends. */
export const END = -1;
