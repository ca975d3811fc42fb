import type { FewshotResult, OnProgress, TaskMetadata } from 'fewshot-sam';
import type { MadeSegment } from '../viewer/madeSegment';
import type { Series } from '../viewer/series';
import type { Collected, CollectedSegment } from './collect';
import type { RunProgress, Settings } from './state';

/** The part of the session that learning and applying tasks use. */
export interface SessionForTasks {
  /** Contents of the viewer when it was last read. */
  collected(): Collected;
  settingsFor(series: Series): Settings;
  /** Reads the viewer again. */
  refresh(): Promise<void>;
  /** Runs a long task, see `RunController.perform`. */
  perform(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  loadModel(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  showProgress(run: RunProgress): void;
  /** Term of a segment, if any. */
  termsOf(segment: Pick<CollectedSegment, 'segmentIndex' | 'label'>): TaskMetadata['terms'];
  /** Gives a segment the term of a task, unless its label names the same structure and also a side. */
  takeTerms(
    segment: Pick<CollectedSegment, 'segmentIndex' | 'label'>,
    terms: TaskMetadata['terms'],
  ): void;
  /**
   * Opens the review of a result.
   *
   * @param note caveat on the whole result
   * @param made the segment, if it was added for the result; discarding the result removes it
   */
  present(
    series: Series,
    segment: CollectedSegment,
    result: FewshotResult,
    seconds: number,
    note: string,
    made: MadeSegment | null,
  ): Promise<void>;
}
