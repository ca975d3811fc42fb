/**
 * One of several threads that run the same kernels on the same memory. Globals belong to an instance
 * of the module, and every thread has its own.
 */

export let thread: i32 = 0;
export let threads: i32 = 1;
/** Memory of this thread's own. */
export let scratch: usize = 0;

export function setThread(index: i32, count: i32, ownMemory: usize): void {
  thread = index;
  threads = count;
  scratch = ownMemory;
}

/** First of `count` items, in units of `unit`, that are this thread's. */
export function shareStart(count: i32, unit: i32): i32 {
  return shareAt(thread, count, unit);
}

/** One past this thread's last item. */
export function shareEnd(count: i32, unit: i32): i32 {
  return shareAt(thread + 1, count, unit);
}

function shareAt(index: i32, count: i32, unit: i32): i32 {
  const units = (count + unit - 1) / unit;
  return min(count, i32((i64(units) * index) / threads) * unit);
}
