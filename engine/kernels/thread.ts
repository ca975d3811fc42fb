/**
 * State of one of several threads that run the same kernels on the same memory. Every thread has its own
 * instance of the module and so its own globals.
 */

export let thread: i32 = 0;
export let threads: i32 = 1;
/** Address of this thread's own memory. */
export let scratch: usize = 0;

export function setThread(index: i32, count: i32, ownMemory: usize): void {
  thread = index;
  threads = count;
  scratch = ownMemory;
}

/** Returns this thread's first of `count` items, divided in multiples of `unit`. */
export function shareStart(count: i32, unit: i32): i32 {
  return shareAt(thread, count, unit);
}

/** Returns one past this thread's last item. */
export function shareEnd(count: i32, unit: i32): i32 {
  return shareAt(thread + 1, count, unit);
}

function shareAt(index: i32, count: i32, unit: i32): i32 {
  const units = (count + unit - 1) / unit;
  return min(count, i32((i64(units) * index) / threads) * unit);
}
