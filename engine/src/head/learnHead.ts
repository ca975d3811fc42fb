import { FewshotError, throwIfCancelled } from '../platform/errors';
import { phaseReporter } from '../platform/progress';
import { resolveWindow, type ResolvedWindow } from '../image/window';
import { pasteOntoSlice } from '../image/fieldOfView';
import { checkLabeled, outlined } from '../job/checkJob';
import { seededRandom } from '../numeric/random';
import { Embeddings } from '../job/embeddings';
import type { AppliedStudy, JobParts, Learner, TestStudy } from '../job/method';
import { acrossStudiesOnly } from '../job/fromOneStudy';
import { PLAIN_PRODUCTS, type FeatureProducts } from '../context/featureProducts';
import { checkFindsShots } from '../finetune/checkFindsShots';
import { targetSlices } from '../finetune/applyTask';
import { partOf } from '../finetune/leaveOneOut';
import type { TaskView } from '../finetune/taskView';
import { OUTSIDE_CROP_LOGIT } from '../sam/encoderFrame';
import { cleanVolume } from './cleanVolume';
import { fitHead, type CreateExecutor, type HeadShot } from './fitHead';
import { headSegmenter, type FittedHead } from './head';
import {
  cellCoverage,
  HEAD_ENCODER_SIZE,
  headFeatures,
  headProjection,
  headView,
  logitsToRectangle,
} from './headInput';
import { changedCopy, chooseHeadView, type LabeledView } from './labeledViews';

/** What a head computes with. */
export interface HeadParts extends JobParts {
  products?: FeatureProducts;
  /** Runs programs: our kernels, on a CPU or a GPU. */
  createExecutor?: CreateExecutor;
}

/** Changed copies of each outlined slice: few outlines need many, or heads know them by heart. */
const MOST_COPIES = 6;
/** Of all outlined slices together. */
const MOST_COPIED = 60;
/** Adam updates of each head. */
const UPDATES = 120;
/** Heads from different random weights, whose logits are averaged: one alone varies by its start. */
const HEADS = 3;

/**
 * Learns a structure from one study or several with small convolutional heads on the frozen encoder's
 * features. Slices without the structure teach where it is not.
 *
 * @throws FewshotError `bad-input` (see `checkLabeled`), `backend-unusable`, `bad-result`, `cancelled`
 */
export const learnHead: Learner<HeadParts> = async (
  studies,
  { iterations = UPDATES, seed = 0 },
  parts,
  { signal, onProgress } = {},
) => {
  throwIfCancelled(signal);
  checkLabeled(studies);
  const createExecutor = executorOf(parts);
  const products = parts.products ?? PLAIN_PRODUCTS;
  const known = studies.map(({ slices, labels, window }) => {
    const resolved = resolveWindow(window, slices);
    return { slices, labels, window: resolved, embeddings: embeddingsFor(resolved, parts) };
  });
  const view = chooseHeadView(known);
  const outlines = studies.reduce((sum, { labels }) => sum + outlined(labels).length, 0);
  const copies = Math.max(1, Math.min(MOST_COPIES, Math.floor(MOST_COPIED / outlines)));
  const random = seededRandom(seed);
  const count = studies.reduce((sum, { labels }) => sum + labels.size, copies * outlines);
  const report = phaseReporter('encode', count, onProgress);
  report(0);
  const labeled: LabeledView[] = [];
  const changed: LabeledView[] = [];
  for (const { slices, labels, window, embeddings } of known) {
    for (const slice of slices) {
      const mask = labels.get(slice.index);
      if (!mask) continue;
      throwIfCancelled(signal);
      const { rectangle, ...seen } = await headView(slice, window, view, embeddings);
      labeled.push({ ...seen, coverage: cellCoverage(mask, slice, rectangle) });
      report(labeled.length + changed.length);
      for (let copy = 0; mask.includes(1) && copy < copies; copy++) {
        throwIfCancelled(signal);
        changed.push(await changedCopy(slice, mask, window, view, embeddings, random));
        report(labeled.length + changed.length);
      }
    }
  }

  const start = performance.now();
  const projection = await headProjection(labeled, products);
  const shots: HeadShot[] = [];
  for (const { coverage, ...seen } of [...labeled, ...changed]) {
    shots.push({ features: await headFeatures(seen, projection, products), coverage });
  }
  const parameters: Float32Array[] = [];
  const losses: number[] = [];
  for (let head = 0; head < HEADS; head++) {
    const options = {
      seed: HEADS * seed + head,
      updates: iterations,
      signal,
      onProgress: onProgress && partOf(head, HEADS, onProgress),
    };
    const fitted = await fitHead(shots, options, createExecutor);
    parameters.push(fitted.parameters);
    fitted.losses.forEach((loss, i) => (losses[i] = (losses[i] ?? 0) + loss / HEADS));
  }
  const fitted = { projection, parameters };
  const segmenter = await headSegmenter(fitted, products, createExecutor);
  try {
    await checkFindsShots(labeled, segmenter.logits, signal);
  } finally {
    segmenter.dispose();
  }
  return {
    iterations,
    losses,
    seconds: {
      encode: known.reduce((sum, { embeddings }) => sum + embeddings.seconds, 0),
      fit: (performance.now() - start) / 1000,
    },
    embeddingsFromCache: known.reduce((sum, { embeddings }) => sum + embeddings.fromCache, 0),
    apply: (study, options) => applyHead(fitted, view, study, parts, options),
  };
};

/** The same from one study, for another. */
export const head = acrossStudiesOnly('head', learnHead);

async function applyHead(
  fitted: FittedHead,
  view: TaskView,
  { slices, targets = slices.map(({ index }) => index), window, sliceSpacing }: TestStudy,
  parts: HeadParts,
  { signal, onProgress }: Parameters<Learner>[3] = {},
): Promise<AppliedStudy> {
  throwIfCancelled(signal);
  const wanted = targetSlices(slices, targets);
  const resolved = resolveWindow(window, slices);
  const embeddings = embeddingsFor(resolved, parts);
  const products = parts.products ?? PLAIN_PRODUCTS;
  const segmenter = await headSegmenter(fitted, products, executorOf(parts));
  const found: { index: number; logits: Float32Array }[] = [];
  let seconds = 0;
  try {
    const report = phaseReporter('propagate', wanted.length, onProgress);
    report(0);
    for (const slice of wanted) {
      throwIfCancelled(signal);
      const { rectangle, ...seen } = await headView(slice, resolved, view, embeddings);
      const start = performance.now();
      const logits = logitsToRectangle(await segmenter.logits(seen), rectangle);
      const whole = pasteOntoSlice(logits, slice, rectangle, OUTSIDE_CROP_LOGIT);
      found.push({ index: slice.index, logits: whole });
      seconds += (performance.now() - start) / 1000;
      report(found.length);
    }
  } finally {
    segmenter.dispose();
  }
  const start = performance.now();
  const segmented = cleanVolume(found, slices[0], sliceSpacing);
  seconds += (performance.now() - start) / 1000;
  return {
    slices: segmented,
    seconds: { encode: embeddings.seconds, propagate: seconds },
    embeddingsFromCache: embeddings.fromCache,
  };
}

const embeddingsFor = (
  window: ResolvedWindow,
  { encoder, modelSha256, cache }: JobParts,
): Embeddings => new Embeddings(encoder, modelSha256, window, cache, HEAD_ENCODER_SIZE);

function executorOf({ createExecutor }: HeadParts): CreateExecutor {
  if (createExecutor) return createExecutor;
  throw new FewshotError(
    'backend-unusable',
    'This computer does not run the kernels that the method head needs.',
    'Use paper-context instead.',
  );
}
