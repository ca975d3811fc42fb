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
import { seededRandom } from '../image/random';
import type { Initialization } from './startWeights';
import { TASK_VERSION, type Task, type TaskMetadata } from './task';
import { asSlice, chooseView, viewCentre, viewOf } from './taskView';

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
  /** Of the model, for people. */
  modelId?: string;
  iterations?: number;
  initialization?: Initialization;
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
 * Learns a structure from one or more studies so that it can be found in another.
 *
 * Phase `encode` embeds the labelled slices and changed copies of them, `fit` trains on them all. The
 * prompts come from the labelled slices alone, those that show the structure.
 *
 * @throws FewshotError `bad-input` (see `checkLabelled`), `cancelled`, `bad-result`
 */
export async function learnTask(
  studies: readonly LabelledStudy[],
  {
    name,
    terms,
    modelId = '',
    iterations = ITERATIONS,
    seed = 0,
    copies = Math.max(1, Math.min(COPIES, Math.floor(MOST_SHOTS / labelledSlices(studies)) - 1)),
    initialization,
    augmentation = AUGMENTATION,
  }: LearnSettings,
  { encoder, modelSha256, weights, decoders, cache }: PropagateParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<LearnedTask> {
  throwIfCancelled(signal);
  checkLabelled(...studies);
  const count = labelledSlices(studies);
  const known = studies.map(({ slices, labels, window }) => {
    const resolved = resolveWindow(window, slices);
    const embeddings = new Embeddings(encoder, modelSha256, resolved, cache);
    return { slices, labels, window: resolved, embeddings };
  });
  const view = chooseView(known);
  const random = seededRandom(seed);
  const prompts: Shot[] = [];
  const shots: Shot[] = [];
  const report = phaseReporter('encode', count * (1 + copies), onProgress);
  report(0);
  const shotOf = async (embeddings: Embeddings, seen: Slice, mask: Mask): Promise<Shot> => {
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(seen);
    const shot = { embedding, ...maskToLowRes(mask, frame) };
    shots.push(shot);
    report(shots.length);
    return shot;
  };
  for (const study of known) {
    for (const slice of study.slices) {
      const mask = study.labels.get(slice.index);
      if (!mask) continue;
      const { slice: seen, rectangle } = await viewOf(slice, study.window, view);
      const shot = await shotOf(study.embeddings, seen, cutMask(mask, slice, rectangle));
      if (mask.includes(1)) prompts.push(shot);
      const centre = viewCentre(slice, study.window, view);
      for (let copy = 0; copy < copies; copy++) {
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
        await shotOf(study.embeddings, copied, changed.mask);
      }
    }
  }
  throwIfCancelled(signal);

  const start = performance.now();
  const fitted = await fit(weights, shots, {
    iterations,
    shotsPerIteration: SHOTS_PER_ITERATION,
    prompts,
    initialization,
    seed,
    engine: decoders,
    signal,
    onProgress,
  });
  const [{ axis, window, slices }] = studies;
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
    shots: count,
    iterations,
    seed,
    leaveOneOut: null,
  };
  return {
    task: { metadata, weights: fitted.weights, targetEmbeddings: fitted.targetEmbeddings },
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
