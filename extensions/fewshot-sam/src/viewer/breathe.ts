/** Milliseconds of work before the main thread gets a pause to draw and to answer the mouse. */
const BUDGET = 12;

/** A function to await inside long loops: gives way to the browser whenever the budget is used up. */
export function breather(): () => Promise<void> {
  let pause = performance.now() + BUDGET;
  return async () => {
    if (performance.now() < pause) return;
    await new Promise(resolve => setTimeout(resolve, 0));
    pause = performance.now() + BUDGET;
  };
}
