import { FewshotError, throwIfCancelled } from '../platform/errors';
import { augment, type AugmentSettings } from '../image/augment';
import { maskToLowRes } from '../sam/encoderFrame';
import { cutMask } from '../image/fieldOfView';
import type { IntensityWindow, Mask, Slice } from '../image/slice';
import { resolveWindow } from '../image/window';
import { phaseReporter } from '../platform/progress';
import type { PlaneName } from '../geometry/plane';
import { checkLabeled } from '../job/checkJob';
import { checkFindsShots } from './checkFindsShots';
import { checkModel } from './checkModel';
import { createSegmenter } from './createSegmenter';
import { EMBEDDING_CHANNELS, ENCODER_INPUT_SIZE, TOKEN_PIXELS } from '../sam/imageEncoder';
import { Embeddings } from '../job/embeddings';
import { taskEncoder } from './taskEncoder';
import { sliceCount, type Example, type Examples } from './examples';
import { fit, showsStructure } from './fit';
import { copiesFor, SHOTS_PER_ITERATION, updatesFor } from './learningWork';
import type { PropagateOptions } from '../job/method';
import type { FinetuneParts } from './decoderEngine';
import { seededRandom } from '../numeric/random';
import type { Initialization } from '../job/job';
import { TASK_VERSION, type Task, type TaskMetadata } from './task';
import { asSlice, chooseView, viewCenter, viewOf, wholeImages, type TaskView } from './taskView';

/** A study with some labeled slices. All studies of a task are sliced along the same axis. */
export interface LabeledStudy {
  /** All of one size and spacing; percentiles of the window are taken over all of them. */
  slices: Slice[];
  /** Slice index -> drawn mask; an empty one states that the structure is absent. */
  labels: ReadonlyMap<number, Mask>;
  window: IntensityWindow;
  axis: PlaneName;
}

export interface LearnSettings {
  /** Name of the structure. */
  name: string;
  terms?: TaskMetadata['terms'];
  /** Modality of the studies as in DICOM, e.g. `CT`. */
  modality?: string;
  /** Name of the model, shown to users. */
  modelId?: string;
  /** Side of the encoder's input, pixels; by default 1024, as published. See `TASK_TRAINING`. */
  encoderSize?: number;
  /** See `FitOptions`; by default not, as published. */
  average?: boolean;
  iterations?: number;
  initialization?: Initialization;
  /** Seed of the copies and of the order of visits. */
  seed?: number;
  /** Whether each study is a single image, which has no body to look in: tiles cover it. */
  images?: boolean;
  /** Augmented copies of each labeled slice. */
  copies?: number;
  augmentation?: AugmentSettings;
  /** Earlier examples of the task: it is learned again from these and the studies. */
  earlier?: Examples;
  /**
   * The task to train further, if its examples are not available, e.g. after an import. It keeps its prompts
   * and gets fewer updates.
   */
  continues?: Task;
}

export interface LearnedTask {
  task: Task;
  /** What it was learned from; pass it as `earlier` to add slices later. */
  examples: Examples;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
}

/** Pixels of the decoder's masks along the side of a token. */
const DECODER_PIXELS = 4;

/** How much copies differ from the labeled slice. */
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

/** Minimum share of an outline inside the field of view. */
const MIN_SHARE_IN_VIEW = 0.5;

/**
 * Learns a structure from one or more studies, to segment it in others.
 *
 * Phase `encode` embeds the labeled slices and augmented copies, `fit` trains on all of them. Only labeled
 * slices that show the structure become prompts.
 *
 * A continued task may forget some of its earlier slices, because they are not trained on again.
 *
 * @throws FewshotError `bad-input` (see `checkLabeled`), `cancelled`, `bad-result`
 */
export async function learnTask(
  studies: readonly LabeledStudy[],
  {
    name,
    terms,
    modelId = '',
    encoderSize: wantedSize = ENCODER_INPUT_SIZE,
    average,
    continues,
    iterations: wantedIterations,
    seed = 0,
    images = false,
    modality,
    earlier,
    copies = copiesFor(labeledSlices(studies) + (earlier ? sliceCount(earlier) : 0)),
    initialization,
    augmentation = AUGMENTATION,
  }: LearnSettings,
  parts: FinetuneParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<LearnedTask> {
  throwIfCancelled(signal);
  checkLabeled(studies, (earlier ?? continues) && outlinesBefore(earlier, continues));
  if (continues) checkModel(continues.metadata, parts.modelSha256);
  const { modelSha256, weights, decoders, cache } = parts;
  const encoderSize = sizeToKeep(earlier, continues) ?? wantedSize;
  const iterations = wantedIterations ?? updatesFor(encoderSize, continues !== undefined);
  const encoder = await taskEncoder(parts, encoderSize);
  const count = labeledSlices(studies);
  const known = studies.map(({ slices, labels, window }) => {
    const resolved = resolveWindow(window, slices);
    const embeddings = new Embeddings(encoder, modelSha256, resolved, cache, encoderSize);
    return { slices, labels, window: resolved, embeddings };
  });
  const view = viewToKeep(earlier, continues) ?? (images ? wholeImages(known) : chooseView(known));
  const studiesBefore = continues ? (continues.metadata.studies ?? 1) : (earlier?.studies ?? 0);
  // Later studies get other copies than earlier ones.
  const random = seededRandom(seed + studiesBefore);
  const items = (earlier?.items ?? []).filter(({ copy }) => copy <= copies);
  let seenSlices = earlier ? sliceCount(earlier) : 0;
  const before = continues?.metadata.shots ?? seenSlices;
  const itemsBefore = items.length;
  let encoded = 0;
  const report = phaseReporter('encode', count * (1 + copies), onProgress);
  report(0);
  const addExample = async (
    embeddings: Embeddings,
    seen: Slice,
    mask: Mask,
    copy: number,
  ): Promise<void> => {
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(seen);
    const lowRes = maskToLowRes(mask, frame, DECODER_PIXELS * (encoderSize / TOKEN_PIXELS));
    items.push({ slice: seenSlices, copy, embedding, ...lowRes });
    report(++encoded);
  };
  for (const study of known) {
    for (const slice of study.slices) {
      const mask = study.labels.get(slice.index);
      if (!mask) continue;
      const { slice: seen, rectangle } = await viewOf(slice, study.window, view);
      const cut = cutMask(mask, slice, rectangle);
      if (earlier ?? continues) checkInView(slice, mask, cut, view);
      await addExample(study.embeddings, seen, cut, 0);
      const center = viewCenter(slice, study.window, view);
      for (let copy = 1; copy <= copies; copy++) {
        const { fieldOfViewMm } = view;
        const changed = augment(
          slice,
          mask,
          study.window,
          center,
          fieldOfViewMm,
          augmentation,
          random,
        );
        const copied = await asSlice(changed, slice, changed.rectangle);
        await addExample(study.embeddings, copied, changed.mask, copy);
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
    average,
    seed,
    engine: decoders,
    signal,
  };
  const fitted = await fit(continues?.weights ?? weights, items, {
    ...options,
    // The prompts of a continued task already include its earlier slices.
    prompts: (continues ? items.slice(itemsBefore) : items).filter(isPrompt),
    earlierPrompts: continues?.targetEmbeddings,
    onProgress,
  });
  const labeled = items.filter(({ copy }) => copy === 0);
  const segmenter = await createSegmenter(fitted, decoders);
  try {
    await checkFindsShots(labeled, ({ embedding }) => segmenter.logits(embedding), signal);
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
    ...(encoderSize !== ENCODER_INPUT_SIZE && { encoderSize }),
    axis,
    window,
    spacingMm: [slices[0].rowSpacing, slices[0].columnSpacing],
    ...view,
    shots: before + count,
    studies: studiesBefore + studies.length,
    iterations,
    seed,
    leaveOneOut: null,
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

function labeledSlices(studies: readonly LabeledStudy[]): number {
  return studies.reduce((sum, { labels }) => sum + labels.size, 0);
}

/** Number of outlines a task already has; a task from a file has one per prompt. */
function outlinesBefore(earlier: Examples | undefined, continues: Task | undefined): number {
  return continues
    ? continues.targetEmbeddings.length / EMBEDDING_CHANNELS
    : (earlier?.items ?? []).filter(isPrompt).length;
}

/** Only labeled slices that show the structure become prompts. */
function isPrompt(example: Example): boolean {
  return example.copy === 0 && showsStructure(example);
}

/** Input size for slices added to a task: the same as for its other slices. */
function sizeToKeep(earlier: Examples | undefined, continues: Task | undefined) {
  if (continues) return continues.metadata.encoderSize ?? ENCODER_INPUT_SIZE;
  if (!earlier?.items.length) return undefined;
  return TOKEN_PIXELS * Math.sqrt(earlier.items[0].embedding.length / EMBEDDING_CHANNELS);
}

/** Field of view for slices added to a task: the same as for its other slices. */
function viewToKeep(
  earlier: Examples | undefined,
  continues: Task | undefined,
): TaskView | undefined {
  if (!continues) return earlier?.view;
  const { fieldOfViewMm, offsetMm, tiled } = continues.metadata;
  return { fieldOfViewMm, offsetMm, tiled };
}

/**
 * A task keeps looking where it looked: an outline elsewhere cannot be added to it.
 *
 * @param cut the part of the mask that the task sees
 * @throws FewshotError `bad-input`
 */
export function checkInView(
  slice: Slice,
  mask: Mask,
  cut: Mask,
  { fieldOfViewMm }: TaskView,
): void {
  const area = (values: Mask) => values.reduce((sum, value) => sum + value, 0);
  if (area(cut) >= MIN_SHARE_IN_VIEW * area(mask)) return;
  throw new FewshotError(
    'bad-input',
    `On slice ${slice.index + 1} the outline lies outside the task's ${Math.round(fieldOfViewMm)} mm field of view.`,
    'Save a new task from this study instead.',
  );
}
