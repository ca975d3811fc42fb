/** Script of a helper thread of `KernelMachine`: a web worker, or a worker thread in Node. */
import { KernelInstance } from './kernelModule';
import { END, READY, type ThreadSetup } from './threadMessages';

interface Port {
  postMessage(message: string): void;
  /** Calls `receive` once. */
  onSetup(receive: (setup: ThreadSetup) => void): void;
}

async function openPort(): Promise<Port> {
  if (typeof self !== 'undefined' && typeof self.postMessage === 'function') {
    return {
      postMessage: message => self.postMessage(message),
      onSetup: receive => (self.onmessage = ({ data }: MessageEvent<ThreadSetup>) => receive(data)),
    };
  }
  const { parentPort } = await import('node:worker_threads');
  return {
    postMessage: message => parentPort!.postMessage(message),
    onSetup: receive => parentPort!.once('message', receive),
  };
}

/** Waits for orders and runs them until `END`. */
function work({ module, memory, thread, sequences, orders }: ThreadSetup): void {
  const instance = new KernelInstance(module, memory, thread);
  const cells = new Int32Array(memory.buffer, orders, 2);
  let seen = 0;
  for (;;) {
    Atomics.wait(cells, 0, seen);
    seen = Atomics.load(cells, 0);
    const order = Atomics.load(cells, 1);
    if (order === END) return;
    instance.run(sequences[order]);
  }
}

const port = await openPort();
port.onSetup(setup => {
  port.postMessage(READY);
  work(setup);
});
