/** The phases of one propagation, in the order in which they happen. */
export type Phase = 'model' | 'encode' | 'fit' | 'propagate';

/** The one progress event of every long call. */
export interface Progress {
  phase: Phase;
  /** Units finished: bytes (model), slices (encode, propagate) or iterations (fit). */
  done: number;
  total: number;
  /** Estimated seconds until this phase ends; null before anything was measured. */
  etaSeconds: number | null;
}

export type OnProgress = (progress: Progress) => void;

/** A step longer than this many others and than this many milliseconds was sleep, not work. */
const ASLEEP_TIMES = 10;
const ASLEEP_MS = 60_000;

/**
 * Returns a reporter for one phase. It estimates the time left from the mean time per unit so far, and
 * ignores one step during which the computer slept or its clock was set.
 *
 * @param now clock in milliseconds; replaced in tests
 */
export function phaseReporter(
  phase: Phase,
  total: number,
  onProgress: OnProgress | undefined,
  now: () => number = () => performance.now(),
): (done: number) => void {
  let last = { done: 0, ms: now() };
  let all: Spent = { units: 0, ms: 0 };
  let longest: Spent = { units: 0, ms: 0 };
  return done => {
    if (done > last.done) {
      const ms = now();
      const step = { units: done - last.done, ms: Math.max(0, ms - last.ms) };
      last = { done, ms };
      all = { units: all.units + step.units, ms: all.ms + step.ms };
      if (step.ms > longest.ms) longest = step;
    }
    const perUnit = awakePerUnit(all, longest);
    const etaSeconds = perUnit === null ? null : (perUnit / 1000) * (total - done);
    onProgress?.({ phase, done, total, etaSeconds });
  };
}

interface Spent {
  units: number;
  ms: number;
}

/** Milliseconds per unit, without the longest step if that was sleep; null while unknown. */
function awakePerUnit(all: Spent, longest: Spent): number | null {
  if (all.units === 0) return null;
  const others = { units: all.units - longest.units, ms: all.ms - longest.ms };
  if (longest.ms <= ASLEEP_MS) return all.ms / all.units;
  // A first step this long may be work or sleep.
  if (others.units === 0) return null;
  const usual = others.ms / others.units;
  return longest.ms / longest.units > ASLEEP_TIMES * usual ? usual : all.ms / all.units;
}

/** Maps the progress of one of several fits to the progress of all. */
export function partOf(part: number, parts: number, onProgress: OnProgress): OnProgress {
  return ({ phase, done, total, etaSeconds }) => {
    const left = etaSeconds === null || done === 0 ? null : etaSeconds / Math.max(1, total - done);
    const doneOfAll = part * total + done;
    onProgress({
      phase,
      done: doneOfAll,
      total: parts * total,
      etaSeconds: left === null ? null : left * (parts * total - doneOfAll),
    });
  };
}
