import { throwIfCancelled } from '../errors';
import { augment, type AugmentSettings } from '../image/augment';
import { maskToLowRes } from '../image/encoderFrame';
import { cutMask } from '../image/fieldOfView';
import type { IntensityWindow, Mask, Slice } from '../image/slice';
import { resolveWindow } from '../image/window';
import { phaseReporter } from '../progress';
import type { PlaneName } from '../volume/plane';
import { checkLabelled } from './checkJob';
import { Embeddings } from './embeddings';
import { fit, type Shot } from './fit';
import type { PropagateOptions, PropagateParts } from './propagate';
import { seededRandom } from './random';
import { TASK_VERSION, type Task, type TaskMetadata } from './task';
import { asSlice, chooseView, viewCentre, viewOf } from './taskView';

/** A study of which some slices are labelled. */
export interface LabelledStudy {
  /** All of one size and spacing; percentiles of the window are taken over all of them. */
  slices: Slice[];
  /** Slice index -> drawn mask. At least two, each with at least one foreground pixel. */
  labels: ReadonlyMap<number, Mask>;
  window: IntensityWindow;
  axis: PlaneName;
}

export interface LearnSettings {
  /** The structure. */
  name: string;
  terms?: TaskMetadata['terms'];
  /** Of the model, for people. */
  modelId?: string;
  iterations?: number;
  /** Seed of the copies and of the order in which they are visited. */
  seed?: number;
  /** Changed copies of each labelled slice. */
  copies?: number;
  augmentation?: AugmentSettings;
}

export interface LearnedTask {
  task: Task;
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

const COPIES = 4;

/** Embeddings that are held at once, 4 MB each: with many labelled slices there are fewer copies. */
const MOST_SHOTS = 100;

/** Updates, and the shots of each: with one at a time the result depended on which came last. */
const ITERATIONS = 60;
const SHOTS_PER_ITERATION = 4;

/**
 * Learns a structure from one study so that it can be found in another.
 *
 * Phase `encode` embeds the labelled slices and changed copies of them, `fit` trains on them all. The
 * prompts come from the labelled slices alone.
 *
 * @throws FewshotError `bad-input` (see `checkLabelled`), `cancelled`, `bad-result`
 */
export async function learnTask(
  { slices, labels, window, axis }: LabelledStudy,
  {
    name,
    terms,
    modelId = '',
    iterations = ITERATIONS,
    seed = 0,
    copies = Math.max(1, Math.min(COPIES, Math.floor(MOST_SHOTS / labels.size) - 1)),
    augmentation = AUGMENTATION,
  }: LearnSettings,
  { encoder, modelSha256, weights, cache }: PropagateParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<LearnedTask> {
  throwIfCancelled(signal);
  checkLabelled({ slices, labels });
  const resolved = resolveWindow(window, slices);
  const view = chooseView(slices, labels, resolved);
  const embeddings = new Embeddings(encoder, modelSha256, resolved, cache);
  const random = seededRandom(seed);
  const prompts: Shot[] = [];
  const shots: Shot[] = [];
  const report = phaseReporter('encode', labels.size * (1 + copies), onProgress);
  report(0);
  const shotOf = async (seen: Slice, mask: Mask): Promise<Shot> => {
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(seen);
    const shot = { embedding, ...maskToLowRes(mask, frame) };
    shots.push(shot);
    report(shots.length);
    return shot;
  };
  for (const slice of slices) {
    const mask = labels.get(slice.index);
    if (!mask) continue;
    const { slice: seen, rectangle } = await viewOf(slice, resolved, view);
    prompts.push(await shotOf(seen, cutMask(mask, slice, rectangle)));
    const centre = viewCentre(slice, resolved, view);
    for (let copy = 0; copy < copies; copy++) {
      const { fieldOfViewMm } = view;
      const changed = augment(slice, mask, resolved, centre, fieldOfViewMm, augmentation, random);
      await shotOf(await asSlice(changed.pixels, slice, changed.rectangle), changed.mask);
    }
  }
  throwIfCancelled(signal);

  const start = performance.now();
  const fitted = await fit(weights, shots, {
    iterations,
    shotsPerIteration: SHOTS_PER_ITERATION,
    prompts,
    seed,
    signal,
    onProgress,
  });
  const metadata: TaskMetadata = {
    version: TASK_VERSION,
    name,
    ...(terms && { terms }),
    model: { id: modelId, sha256: modelSha256 },
    method: 'paper',
    axis,
    window,
    spacingMm: [slices[0].rowSpacing, slices[0].columnSpacing],
    ...view,
    shots: labels.size,
    iterations,
    seed,
    leaveOneOut: null,
  };
  return {
    task: { metadata, weights: fitted.weights, targetEmbeddings: fitted.targetEmbeddings },
    losses: fitted.losses,
    seconds: { encode: embeddings.seconds, fit: (performance.now() - start) / 1000 },
    embeddingsFromCache: embeddings.fromCache,
  };
}
