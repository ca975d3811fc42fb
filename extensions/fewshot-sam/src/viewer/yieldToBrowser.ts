/** Milliseconds of work before a pause, so that the browser can paint and handle input. */
const BUDGET = 12;

/** Yields to the browser once. */
export function yieldToBrowser(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}

/** Returns a function to await inside long loops: it yields whenever the time budget is used up. */
export function periodicYield(): () => Promise<void> {
  let end = performance.now() + BUDGET;
  return async () => {
    if (performance.now() < end) return;
    await yieldToBrowser();
    end = performance.now() + BUDGET;
  };
}
