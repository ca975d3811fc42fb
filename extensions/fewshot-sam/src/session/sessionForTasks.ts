import type { FewshotResult, OnProgress, TaskMetadata } from 'fewshot-sam';
import type { MadeSegment } from '../viewer/madeSegment';
import type { Series } from '../viewer/series';
import type { Collected, CollectedSegment } from './collect';
import type { RunProgress, Settings } from './state';

/** What learning and applying tasks needs of the session: to look, to run, to hand over a result. */
export interface SessionForTasks {
  /** What the viewer held when it was last looked at. */
  collected(): Collected;
  settingsFor(series: Series): Settings;
  /** Looks again. */
  refresh(): Promise<void>;
  /** Runs something long, see `Running.perform`. */
  perform(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
  loadModel(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  showProgress(run: RunProgress): void;
  /** What a segment is, where it has a term. */
  termsOf(segment: Pick<CollectedSegment, 'segmentIndex' | 'label'>): TaskMetadata['terms'];
  /** Gives a segment the term of a task, unless its label says the same and the side besides. */
  takeTerms(
    segment: Pick<CollectedSegment, 'segmentIndex' | 'label'>,
    terms: TaskMetadata['terms'],
  ): void;
  /**
   * A result goes to the review, with what must be known of it.
   *
   * @param made the segment, where it was added for the result: it goes when that is discarded
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
