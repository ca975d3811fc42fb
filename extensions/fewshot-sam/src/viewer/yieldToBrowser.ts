/** Milliseconds of work before the main thread gets a pause to draw and to answer the mouse. */
const BUDGET = 12;

/** Gives way to the browser once. */
export function yieldToBrowser(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}

/** A function to await inside long loops: gives way to the browser whenever the budget is used up. */
export function periodicYield(): () => Promise<void> {
  let end = performance.now() + BUDGET;
  return async () => {
    if (performance.now() < end) return;
    await yieldToBrowser();
    end = performance.now() + BUDGET;
  };
}
