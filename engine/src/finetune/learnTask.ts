import { FewshotError, throwIfCancelled } from '../platform/errors';
import { augment, type AugmentSettings } from '../image/augment';
import { maskToLowRes } from '../sam/encoderFrame';
import { cutMask } from '../image/fieldOfView';
import type { IntensityWindow, Mask, Slice } from '../image/slice';
import { resolveWindow } from '../image/window';
import { phaseReporter } from '../platform/progress';
import type { PlaneName } from '../geometry/plane';
import { checkLabelled } from '../job/checkJob';
import { checkFindsShots } from './checkFindsShots';
import { checkModel } from './checkModel';
import { createSegmenter } from './createSegmenter';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import { Embeddings } from '../job/embeddings';
import { sliceCount, type Example, type Examples } from './examples';
import { fit, showsStructure } from './fit';
import { copiesFor, FURTHER_ITERATIONS, ITERATIONS, SHOTS_PER_ITERATION } from './learningWork';
import { leaveOneOut } from './leaveOneOut';
import type { PropagateOptions } from '../job/method';
import type { FinetuneParts } from './decoderEngine';
import { seededRandom } from '../numeric/random';
import type { Initialization } from '../job/job';
import { TASK_VERSION, type Task, type TaskMetadata } from './task';
import { asSlice, chooseView, viewCentre, viewOf, type TaskView } from './taskView';

/** A study of which some slices are labelled. All studies of a task are cut along one axis. */
export interface LabelledStudy {
  /** All of one size and spacing; percentiles of the window are taken over all of them. */
  slices: Slice[];
  /** Slice index -> drawn mask; an empty one says that the structure is absent there. */
  labels: ReadonlyMap<number, Mask>;
  window: IntensityWindow;
  axis: PlaneName;
}

export interface LearnSettings {
  /** The structure. */
  name: string;
  terms?: TaskMetadata['terms'];
  /** Of the studies, as DICOM writes it, e.g. `CT`. */
  modality?: string;
  /** Of the model, for people. */
  modelId?: string;
  iterations?: number;
  initialization?: Initialization;
  /** Seed of the copies and of the order in which they are visited. */
  seed?: number;
  /** Changed copies of each labelled slice. */
  copies?: number;
  augmentation?: AugmentSettings;
  /** What the task was learned from before: it is learned again from that and the studies. */
  earlier?: Examples;
  /**
   * The task itself, where `earlier` is not all that it was learned from, as after an import: it is trained
   * further, with fewer updates, and keeps its prompts.
   */
  continues?: Task;
  /** Whether to measure how well left-out slices are found: a training more for each of them. */
  measures?: boolean;
}

export interface LearnedTask {
  task: Task;
  /** What it was learned from, to be given as `earlier` another time. */
  examples: Examples;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
}

/** How far copies differ from a labelled slice. */
export const AUGMENTATION: AugmentSettings = {
  gamma: 0.4,
  scale: 0.25,
  shift: 0.15,
  noise: 0.05,
  invert: 0,
  structureShift: 0.3,
  flip: 0,
  size: 0.2,
  move: 0.08,
};

/** Less of an outline in sight than this says nothing of the structure. */
const LEAST_IN_SIGHT = 0.5;

/**
 * Learns a structure from one or more studies so that it can be found in another.
 *
 * Phase `encode` embeds the labelled slices and changed copies of them, `fit` trains on them all. The
 * prompts come from the labelled slices alone, those that show the structure.
 *
 * A task that is continued may lose some of what it knew: its own slices are not learned again.
 *
 * @throws FewshotError `bad-input` (see `checkLabelled`), `cancelled`, `bad-result`
 */
export async function learnTask(
  studies: readonly LabelledStudy[],
  {
    name,
    terms,
    modelId = '',
    continues,
    iterations = continues ? FURTHER_ITERATIONS : ITERATIONS,
    seed = 0,
    modality,
    earlier,
    copies = copiesFor(labelledSlices(studies) + (earlier ? sliceCount(earlier) : 0)),
    initialization,
    augmentation = AUGMENTATION,
    measures = false,
  }: LearnSettings,
  { encoder, modelSha256, weights, decoders, cache }: FinetuneParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<LearnedTask> {
  throwIfCancelled(signal);
  checkLabelled(studies, (earlier ?? continues) && outlinesBefore(earlier, continues));
  if (continues) checkModel(continues.metadata, modelSha256);
  const count = labelledSlices(studies);
  const known = studies.map(({ slices, labels, window }) => {
    const resolved = resolveWindow(window, slices);
    const embeddings = new Embeddings(encoder, modelSha256, resolved, cache);
    return { slices, labels, window: resolved, embeddings };
  });
  const view = viewToKeep(earlier, continues) ?? chooseView(known);
  const studiesBefore = continues ? (continues.metadata.studies ?? 1) : (earlier?.studies ?? 0);
  // Studies that come later get other copies than those before them.
  const random = seededRandom(seed + studiesBefore);
  const items = (earlier?.items ?? []).filter(({ copy }) => copy <= copies);
  let seenSlices = earlier ? sliceCount(earlier) : 0;
  const before = continues?.metadata.shots ?? seenSlices;
  const itemsBefore = items.length;
  let encoded = 0;
  const report = phaseReporter('encode', count * (1 + copies), onProgress);
  report(0);
  const add = async (
    embeddings: Embeddings,
    seen: Slice,
    mask: Mask,
    copy: number,
  ): Promise<void> => {
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(seen);
    items.push({ slice: seenSlices, copy, embedding, ...maskToLowRes(mask, frame) });
    report(++encoded);
  };
  for (const study of known) {
    for (const slice of study.slices) {
      const mask = study.labels.get(slice.index);
      if (!mask) continue;
      const { slice: seen, rectangle } = await viewOf(slice, study.window, view);
      const cut = cutMask(mask, slice, rectangle);
      if (earlier ?? continues) checkInSight(slice, mask, cut, view);
      await add(study.embeddings, seen, cut, 0);
      const centre = viewCentre(slice, study.window, view);
      for (let copy = 1; copy <= copies; copy++) {
        const { fieldOfViewMm } = view;
        const changed = augment(
          slice,
          mask,
          study.window,
          centre,
          fieldOfViewMm,
          augmentation,
          random,
        );
        const copied = await asSlice(changed.pixels, slice, changed.rectangle);
        await add(study.embeddings, copied, changed.mask, copy);
      }
      seenSlices++;
    }
  }
  throwIfCancelled(signal);

  const start = performance.now();
  const options = {
    iterations,
    shotsPerIteration: SHOTS_PER_ITERATION,
    initialization,
    seed,
    engine: decoders,
    signal,
  };
  // What is trained already knows the slices that would be left out.
  const isMeasured = measures && !continues;
  const score = isMeasured ? await leaveOneOut(weights, items, options, onProgress) : null;
  const fitted = await fit(continues?.weights ?? weights, items, {
    ...options,
    // Those of earlier slices are among the prompts of a task that goes on.
    prompts: (continues ? items.slice(itemsBefore) : items).filter(isPrompt),
    earlierPrompts: continues?.targetEmbeddings,
    onProgress,
  });
  const labelled = items.filter(({ copy }) => copy === 0);
  const segmenter = await createSegmenter(fitted, decoders);
  try {
    await checkFindsShots(labelled, ({ embedding }) => segmenter.logits(embedding), signal);
  } finally {
    segmenter.dispose();
  }
  const [{ axis, window, slices }] = studies;
  const metadata: TaskMetadata = {
    version: TASK_VERSION,
    name,
    ...(terms && { terms }),
    ...(modality && { modality }),
    model: { id: modelId, sha256: modelSha256 },
    method: 'paper',
    axis,
    window,
    spacingMm: [slices[0].rowSpacing, slices[0].columnSpacing],
    ...view,
    shots: before + count,
    studies: studiesBefore + studies.length,
    iterations,
    seed,
    leaveOneOut: score,
  };
  return {
    task: { metadata, weights: fitted.weights, targetEmbeddings: fitted.targetEmbeddings },
    examples: { studies: (earlier?.studies ?? 0) + studies.length, view, items },
    losses: fitted.losses,
    seconds: {
      encode: known.reduce((sum, { embeddings }) => sum + embeddings.seconds, 0),
      fit: (performance.now() - start) / 1000,
    },
    embeddingsFromCache: known.reduce((sum, { embeddings }) => sum + embeddings.fromCache, 0),
  };
}

function labelledSlices(studies: readonly LabelledStudy[]): number {
  return studies.reduce((sum, { labels }) => sum + labels.size, 0);
}

/** How many outlines a task knows already: of one that came from a file each prompt is one. */
function outlinesBefore(earlier: Examples | undefined, continues: Task | undefined): number {
  return continues
    ? continues.targetEmbeddings.length / EMBEDDING_CHANNELS
    : (earlier?.items ?? []).filter(isPrompt).length;
}

/** The prompts come from the labelled slices alone, those that show the structure. */
function isPrompt(example: Example): boolean {
  return example.copy === 0 && showsStructure(example);
}

/** What is added to a task is seen as its other slices were. */
function viewToKeep(
  earlier: Examples | undefined,
  continues: Task | undefined,
): TaskView | undefined {
  if (!continues) return earlier?.view;
  const { fieldOfViewMm, offsetMm } = continues.metadata;
  return { fieldOfViewMm, offsetMm };
}

/**
 * A task keeps looking where it looked: an outline elsewhere cannot be added to it.
 *
 * @param cut the part of the mask that the task sees
 * @throws FewshotError `bad-input`
 */
export function checkInSight(
  slice: Slice,
  mask: Mask,
  cut: Mask,
  { fieldOfViewMm }: TaskView,
): void {
  const area = (values: Mask) => values.reduce((sum, value) => sum + value, 0);
  if (area(cut) >= LEAST_IN_SIGHT * area(mask)) return;
  throw new FewshotError(
    'bad-input',
    `On slice ${slice.index + 1} the outline lies outside of the square of ${Math.round(fieldOfViewMm)} mm at which the task looks.`,
    'Save a new task from this study instead.',
  );
}
