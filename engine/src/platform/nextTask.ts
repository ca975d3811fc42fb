/**
 * Yields so that timers, messages and Ctrl-C are handled. A timer would not do: browsers delay nested
 * timers by 4 ms (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers), as long as a
 * training step takes on a GPU.
 */
export function nextTask(): Promise<void> {
  return new Promise(resolve => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
