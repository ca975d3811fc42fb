import type { FewshotJob, FewshotResult } from 'fewshot-sam';
import { seriesJob } from './job';

/** What the parts of the paper's method cost, in seconds. */
export interface TrainingFigures {
  encodePerSlice: number;
  step: number;
  segmentPerSlice: number;
}

/** A whole job of the default method, in seconds, from the press of the button on. */
export interface SeriesFigures {
  slices: number;
  /** Until a slice is shown, be it not final. */
  firstLook: number;
  /** Until slices are shown that only the clean-up at the end may change. */
  firstResult: number;
  whole: number;
  encode: number;
}

export function trainingFigures(job: FewshotJob, result: FewshotResult): TrainingFigures {
  return {
    encodePerSlice: result.seconds.encode / (job.labels.size + job.targets.length),
    step: result.seconds.fit / result.iterations,
    segmentPerSlice: result.seconds.propagate / result.slices.length,
  };
}

/** @param run loads what it needs and does the job; nothing may be known from before */
export async function seriesFigures(
  slices: number,
  run: (job: FewshotJob, onSlices: (isPreview: boolean) => void) => Promise<FewshotResult>,
): Promise<SeriesFigures> {
  const job = seriesJob(slices);
  const start = performance.now();
  const since = () => (performance.now() - start) / 1000;
  let firstLook = 0;
  let firstResult = 0;
  const { seconds } = await run(job, isPreview => {
    firstLook ||= since();
    if (!isPreview) firstResult ||= since();
  });
  return { slices, firstLook, firstResult, whole: since(), encode: seconds.encode };
}
