import type { FewshotJob, FewshotResult } from 'fewshot-sam';
import { seriesJob } from './job';

/** Seconds for the parts of the paper's method. */
export interface TrainingFigures {
  encodePerSlice: number;
  step: number;
  segmentPerSlice: number;
}

/** Seconds for a whole job of the default method, from the press of the button. */
export interface SeriesFigures {
  slices: number;
  /** Until the first slice is shown, possibly a preview. */
  firstLook: number;
  /** Until slices are shown that only the final clean-up may change. */
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

/** Times a whole job. @param run loads everything and runs the job, without caches */
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
