import type { FewshotJob, FewshotResult, Mask, OnProgress, Progress, Slice } from 'fewshot-sam';
import { FewshotError, orCancelled, phaseReporter, throwIfCancelled } from 'fewshot-sam';
import { periodicYield, yieldToBrowser } from '../viewer/yieldToBrowser';
import type { SliceSoFar } from '../worker/plainResult';
import type { OnSlicesSoFar } from '../worker/protocol';
import type { FoundSoFar, Preview, RunProgress } from './state';

/** Number of pictures shown of the slices found so far: the latest ones. */
export const MOST_PICTURES = 6;

/** One structure to propagate. */
export interface StructureInput {
  segmentIndex: number;
  label: string;
  color: [number, number, number];
  /** Slice index -> mask to learn from. */
  labels: Map<number, Mask>;
  targets: number[];
  /** State of an earlier run to continue from. */
  continues?: FewshotJob['continues'];
}

export interface PropagationParts {
  loadSlice(index: number): Promise<Slice>;
  loadModel(onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<unknown>;
  propagate(
    job: FewshotJob,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
    onSlices: OnSlicesSoFar,
  ): Promise<FewshotResult>;
  /** Pictures of found slices; only the first few of many. */
  pictures(found: readonly SliceSoFar[]): Preview[];
}

/**
 * Propagates structures one by one: reads the slices from the viewer, passes them to the worker, and
 * checks the results.
 *
 * @throws FewshotError from any of the parts; nothing has been written by then
 */
export async function runPropagation(
  structures: StructureInput[],
  common: Pick<FewshotJob, 'window' | 'sliceSpacing' | 'slicePositions'>,
  parts: PropagationParts,
  signal: AbortSignal,
  onProgress: (progress: Omit<RunProgress, 'method'>) => void,
): Promise<{ segmentIndex: number; result: FewshotResult }[]> {
  const results: { segmentIndex: number; result: FewshotResult }[] = [];
  for (const [i, structure] of structures.entries()) {
    const position = { position: i + 1, count: structures.length, label: structure.label };
    let soFar: FoundSoFar | undefined;
    let last: Progress = { phase: 'propagate', done: 0, total: 0, etaSeconds: null };
    const report = (progress: Progress) => {
      last = progress;
      onProgress({ ...progress, structure: position, ...(soFar && { found: soFar }) });
    };
    await parts.loadModel(report, signal);

    const wanted = [...structure.labels.keys(), ...structure.targets].sort((a, b) => a - b);
    const slices = await readSlices(wanted, index => parts.loadSlice(index), signal, report);
    const { labels, targets, continues } = structure;
    const job = { slices, labels, targets, ...common, ...(continues && { continues }) };
    let isOver = false;
    const onSlices = async (slices: SliceSoFar[], isPreview: boolean) => {
      const found = slices.filter(({ mask }) => mask.includes(1));
      if (found.length === 0) return;
      const fresh: Preview[] = [];
      for (const slice of found.slice(0, MOST_PICTURES)) {
        await yieldToBrowser();
        if (isOver) return;
        fresh.push(...parts.pictures([slice]));
      }
      const isAnew = ({ sliceIndex }: Preview) => found.some(({ index }) => index === sliceIndex);
      const others = (soFar?.latest ?? []).filter(picture => !isAnew(picture));
      soFar = {
        count: (soFar?.count ?? 0) + (isPreview ? 0 : found.length),
        color: structure.color,
        latest: [...fresh, ...others].slice(0, MOST_PICTURES),
      };
      report(last);
    };
    let result;
    try {
      result = await parts.propagate(job, report, signal, (...told) => void onSlices(...told));
    } finally {
      isOver = true;
    }
    // End the task that delivered the result before going on.
    await yieldToBrowser();
    const size = [...labels.values()][0].length;
    checkMasks(result, structure.targets, size, structure.label);
    results.push({ segmentIndex: structure.segmentIndex, result });
  }
  return results;
}

/** Reads slices one by one. @throws FewshotError `cancelled` as soon as the signal aborts */
export async function readSlices(
  indices: readonly number[],
  loadSlice: (index: number) => Promise<Slice>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Slice[]> {
  const slices: Slice[] = [];
  const report = phaseReporter('model', indices.length, onProgress);
  // Cached slices resolve at once: without a pause they would form one long task.
  const yieldIfDue = periodicYield();
  for (const index of indices) {
    throwIfCancelled(signal);
    slices.push(await orCancelled(loadSlice(index), signal));
    await yieldIfDue();
    report(slices.length);
  }
  return slices;
}

/**
 * Rejects a result that lacks a slice or has the wrong size, before it can reach the labelmap.
 *
 * @param wanted slices that must be present
 * @param size of each mask, in pixels
 * @throws FewshotError `bad-result`
 */
export function checkMasks(
  { slices }: Pick<FewshotResult, 'slices'>,
  wanted: readonly number[],
  size: number,
  structure: string,
): void {
  const indices = new Set(slices.map(({ index }) => index));
  const isComplete = wanted.every(index => indices.has(index));
  if (isComplete && slices.every(({ mask }) => mask.length === size)) return;
  throw new FewshotError(
    'bad-result',
    `The result for ${structure} is incomplete.`,
    'Nothing was changed. Try again; reload the page if it happens twice.',
  );
}
