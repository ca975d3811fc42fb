import type { CohortRow, CohortSpec, CohortStudy, StudyFailure } from './rows';
import { emptyRow } from './rows';
import { pause } from './dicomweb';
import type { StudyRequest } from './child';
import type { StudyOutcome } from './pool';
import type { CohortState } from './state';

/** Milliseconds before each further attempt at a study. */
const BACKOFF = [10_000, 60_000, 300_000];
/** A study that was begun this often and never ended ends the process, e.g. by its size. */
const MOST_STARTS = 6;
/** Milliseconds between looks for studies that another command made wait. */
const LOOK = 1000;

/** What runs a study: `StudyPool`. */
export interface StudyRunner {
  run(request: StudyRequest): Promise<StudyOutcome>;
}

/**
 * Segments all studies that wait, several at a time, and records each as soon as it is done. What is
 * stopped in the middle waits again.
 *
 * @param requestOf makes a request for a study
 * @param onStudy called after each recorded study
 */
export async function runEmbedded(
  state: CohortState,
  runner: StudyRunner,
  concurrency: number,
  requestOf: (study: CohortStudy) => StudyRequest,
  onStudy: (rows: readonly CohortRow[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const { spec } = state;
  const backoff = backoffOf(process.env);
  state.wakeAll();
  const lane = async () => {
    while (!signal.aborted) {
      const study = state.take();
      if (!study) {
        const due = state.nextDue();
        if (due === null) return;
        await pause(Math.min(LOOK, Math.max(10, due - Date.now())), signal).catch(() => undefined);
        continue;
      }
      const { uid, attempts } = study;
      const outcome: StudyOutcome =
        attempts > MOST_STARTS
          ? { failure: neverEnded(attempts - 1) }
          : await runner.run(requestOf(study));
      if ('cancelled' in outcome || (signal.aborted && 'failure' in outcome)) {
        state.postpone(uid, 0, attempts - 1);
        return;
      }
      if ('failure' in outcome) {
        const { failure } = outcome;
        if (failure.isTransient && attempts <= backoff.length) {
          state.postpone(uid, Date.now() + backoff[attempts - 1], attempts);
          continue;
        }
        const rows = failedRows(study, spec, failure);
        state.finish(uid, rows);
        onStudy(rows);
      } else {
        state.finish(uid, outcome.rows);
        onStudy(outcome.rows);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

export function failedRows(
  study: CohortStudy,
  spec: CohortSpec,
  { kind, message }: StudyFailure,
): CohortRow[] {
  return spec.tasks.map(task => ({ ...emptyRow(study, task, 'failed'), kind, reason: message }));
}

function neverEnded(starts: number): StudyFailure {
  return {
    kind: 'crash',
    message: `The study was begun ${starts} times, and each time the program was ended before it was done.`,
    isTransient: false,
  };
}

/** Pauses before further attempts; COHORT_BACKOFF_MS, e.g. `100,200`, sets others. */
export function backoffOf(env: Record<string, string | undefined>): number[] {
  const given = env.COHORT_BACKOFF_MS?.split(',').map(Number);
  return given?.every(value => Number.isFinite(value) && value >= 0) ? given : BACKOFF;
}
