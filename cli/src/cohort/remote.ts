import { type OnNote, orCancelled } from 'fewshot-sam';
import { pause } from './dicomweb';
import { failedRows } from './embedded';
import { addJobs, jobOutcome, type StudyQueue } from './queue';
import type { CohortRow } from './rows';
import type { CohortState } from './state';

/** Studies asked about at a time. */
const BATCH = 100;
const LOOK_MS = 1000;
/** Looking takes at most this fraction of the time. */
const SHARE = 0.1;

/**
 * Copies from the queue what became of the studies that wait.
 *
 * @returns whether any still waits
 */
export async function collect(
  state: CohortState,
  queue: StudyQueue,
  onStudy: (rows: readonly CohortRow[]) => void,
  onNote: OnNote,
  signal?: AbortSignal,
): Promise<boolean> {
  const { spec } = state;
  let pending = 0;
  const lost: string[] = [];
  const studies = state.studies('waiting');
  for (let start = 0; start < studies.length && !signal?.aborted; start += BATCH) {
    const batch = studies.slice(start, start + BATCH);
    const outcomes = await Promise.all(batch.map(({ uid }) => jobOutcome(queue, spec.id, uid)));
    for (const [i, outcome] of outcomes.entries()) {
      const study = batch[i];
      if (outcome.state === 'pending') pending++;
      else if (outcome.state === 'lost') lost.push(study.uid);
      else {
        const rows =
          outcome.state === 'done'
            ? outcome.rows.map(row => ({ ...row, studyDate: study.date }))
            : failedRows(study, spec, outcome.failure);
        state.finish(study.uid, rows);
        onStudy(rows);
      }
    }
  }
  if (lost.length > 0 && !signal?.aborted) {
    onNote(`The queue does not know ${lost.length} studies that wait: added again.`);
    await addJobs(
      queue,
      spec.id,
      lost.map(uid => ({ uid })),
    );
  }
  return pending + lost.length > 0;
}

/** Waits until workers have done all studies, or the signal aborts; the workers then go on. */
export async function waitForWorkers(
  state: CohortState,
  queue: StudyQueue,
  onStudy: (rows: readonly CohortRow[]) => void,
  onNote: OnNote,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const start = performance.now();
    let isPending: boolean;
    try {
      // While Redis is away, its answer would be waited for without end.
      isPending = await orCancelled(collect(state, queue, onStudy, onNote, signal), signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    if (!isPending || signal.aborted) return;
    const took = performance.now() - start;
    await pause(Math.max(LOOK_MS, took / SHARE), signal).catch(() => undefined);
  }
}
