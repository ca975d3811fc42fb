/** Number of polls before the thread sleeps: waking up takes far longer. */
const PATIENCE: i32 = 20000;

const TIMED_OUT: i32 = 2;
const SLEEP_NANOSECONDS: i64 = 10_000_000_000;
const MOST_LATE: i32 = 6;

/**
 * Barrier: waits until every thread has arrived. Only in the build for shared memory. Traps after waiting
 * for a minute.
 *
 * @param place two int32, zero at the start: threads arrived, and barriers passed
 */
export function meet(place: usize, count: i32): void {
  const generation = atomic.load<i32>(place, 4);
  if (atomic.add<i32>(place, 1) == count - 1) {
    atomic.store<i32>(place, 0);
    atomic.store<i32>(place, generation + 1, 4);
    atomic.notify(place + 4, -1);
    return;
  }
  for (let i = 0; i < PATIENCE; i++) {
    if (atomic.load<i32>(place, 4) != generation) return;
  }
  for (let late = 0; atomic.load<i32>(place, 4) == generation;) {
    const result = atomic.wait<i32>(place + 4, generation, SLEEP_NANOSECONDS);
    // A thread that the browser ended will never arrive.
    if (result == TIMED_OUT && ++late == MOST_LATE) unreachable();
  }
}
