import type { KernelSequence } from './kernelModule';

/** Message that starts a thread. */
export interface ThreadSetup {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: { index: number; count: number; scratch: number; meetingPlace: number };
  sequences: readonly KernelSequence[];
  /** Address of two int32: the number of runs started so far, and the sequence of the latest. */
  orders: number;
}

/** Reply of a thread once it waits for orders. */
export const READY = 'ready';

/** Sent instead of a sequence number: ends the thread. */
export const END = -1;
