import type { FewshotJob, FewshotResult, Mask, Progress, Slice } from 'fewshot-sam';
import { FewshotError, phaseReporter, throwIfCancelled } from 'fewshot-sam';
import { breather } from '../viewer/breathe';
import type { RunProgress } from './state';

/** One structure to propagate. */
export interface Structure {
  segmentIndex: number;
  label: string;
  /** Slice index -> what was drawn there. */
  labels: Map<number, Mask>;
  targets: number[];
}

export interface PropagationParts {
  loadSlice(index: number): Promise<Slice>;
  loadModel(onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<unknown>;
  propagate(
    job: FewshotJob,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<FewshotResult>;
}

/**
 * Propagates one structure after the other: reads its slices from the viewer, hands them to the
 * worker, checks what comes back.
 *
 * @throws FewshotError from any of the parts; nothing has been written then
 */
export async function runPropagation(
  structures: Structure[],
  common: Pick<FewshotJob, 'window' | 'sliceSpacing'>,
  parts: PropagationParts,
  signal: AbortSignal,
  onProgress: (progress: Omit<RunProgress, 'method'>) => void,
): Promise<{ segmentIndex: number; result: FewshotResult }[]> {
  const results: { segmentIndex: number; result: FewshotResult }[] = [];
  for (const [i, structure] of structures.entries()) {
    const position = { position: i + 1, count: structures.length, label: structure.label };
    const report = (progress: Progress) => onProgress({ ...progress, structure: position });
    await parts.loadModel(report, signal);

    const wanted = [...structure.labels.keys(), ...structure.targets].sort((a, b) => a - b);
    const slices: Slice[] = [];
    const reportRead = phaseReporter('model', wanted.length, report);
    // Slices that the viewer holds come at once: without a pause they would all be one long task.
    const breathe = breather();
    for (const index of wanted) {
      throwIfCancelled(signal);
      slices.push(await parts.loadSlice(index));
      await breathe();
      reportRead(slices.length);
    }
    const job = { slices, labels: structure.labels, targets: structure.targets, ...common };
    const result = await parts.propagate(job, report, signal);
    checkResult(result, structure);
    results.push({ segmentIndex: structure.segmentIndex, result });
  }
  return results;
}

/** A result that misses a slice or has another size must never reach the labelmap. */
function checkResult(result: FewshotResult, structure: Structure): void {
  const size = [...structure.labels.values()][0].length;
  const indices = new Set(result.slices.map(slice => slice.index));
  const complete = structure.targets.every(index => indices.has(index));
  if (!complete || result.slices.some(slice => slice.mask.length !== size)) {
    throw new FewshotError(
      'bad-result',
      `The result for ${structure.label} is incomplete.`,
      'Nothing was changed. Try again; reload the page if it happens twice.',
    );
  }
}
