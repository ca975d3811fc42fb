import { FewshotError, throwIfCancelled } from '../platform/errors';
import { phaseReporter } from '../platform/progress';
import { resolveWindow, type ResolvedWindow } from '../image/window';
import { checkLabeled } from '../job/checkJob';
import { seededRandom } from '../numeric/random';
import { Embeddings, encoderOfSize } from '../job/embeddings';
import type { JobParts, PropagateOptions } from '../job/method';
import { PLAIN_PRODUCTS, type FeatureProducts } from '../context/featureProducts';
import { checkInView, type LabeledStudy, type LearnSettings } from '../finetune/learnTask';
import { TASK_VERSION } from '../finetune/task';
import type { TaskView } from '../finetune/taskView';
import { cutMask } from '../image/fieldOfView';
import { checkModel } from '../finetune/checkModel';
import { sliceCount } from '../finetune/examples';
import { FURTHER_ITERATIONS } from '../finetune/learningWork';
import type { HeadExample, HeadExamples } from './examples';
import type { CreateExecutor } from './fitHead';
import { fineCoverage, headEncoderSize, headView } from './headInput';
import { changedCopy, chooseHeadView, chooseTileView, labeledParts } from './labeledViews';
import { HEAD_UPDATES, headCopiesFor, MOST_COPIES } from './learningWork';
import type { HeadTask } from './task';
import { trainFurther, trainHeads } from './trainHeads';

/** What a head computes with. */
export interface HeadParts extends JobParts {
  products?: FeatureProducts;
  /** Runs programs: our kernels, on a CPU or a GPU. */
  createExecutor?: CreateExecutor;
}

/** As for a task of `paper`. */
export type LearnHeadSettings = Omit<
  LearnSettings,
  'earlier' | 'continues' | 'initialization' | 'augmentation'
> & { earlier?: HeadExamples; continues?: HeadTask };

export interface LearnedHeadTask {
  task: HeadTask;
  /** What it was learned from, to be given as `earlier` another time. */
  examples: HeadExamples;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
}

/**
 * Learns a structure from one study or several with small convolutional heads on the frozen encoder's
 * features. Slices without the structure teach where it is not. A task that is continued may lose some of what
 * it knew: its own slices are not learned again.
 *
 * @throws FewshotError `bad-input` (see `checkLabeled`), `backend-unusable`, `bad-result`, `cancelled`
 */
export async function learnHeadTask(
  studies: readonly LabeledStudy[],
  {
    name,
    terms,
    modality,
    modelId = '',
    continues,
    iterations = continues ? FURTHER_ITERATIONS : HEAD_UPDATES,
    seed = 0,
    images = false,
    earlier,
    copies: most = MOST_COPIES,
  }: LearnHeadSettings,
  parts: HeadParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<LearnedHeadTask> {
  throwIfCancelled(signal);
  const known = earlier?.items ?? [];
  const outlinesBefore = known.filter(isOutline).length;
  checkLabeled(studies, continues ? continues.metadata.shots : earlier && outlinesBefore);
  if (continues) checkModel(continues.metadata, parts.modelSha256);
  const createExecutor = executorOf(parts);
  const windowed = studies.map(({ slices, labels, window }) => ({
    ...{ slices, labels },
    window: resolveWindow(window, slices),
  }));
  const view =
    (continues?.metadata ?? earlier?.view) ||
    (images ? chooseTileView(windowed) : chooseHeadView(windowed));
  const embeddingsOf = await headEmbeddings(view, parts);
  const resolved = windowed.map(study => ({ ...study, embeddings: embeddingsOf(study.window) }));
  const labeled = labeledParts(resolved, view);
  const outlines = labeled.filter(({ shows }) => shows).length;
  const copies = Math.min(most, headCopiesFor(outlines + outlinesBefore, view.tiled));
  const studiesBefore = known.reduce((count, { study }) => Math.max(count, study + 1), 0);
  const slicesBefore = sliceCount({ items: known });
  // Studies that come later get other copies than those before them.
  const random = seededRandom(seed + studiesBefore);
  const items = known.filter(({ copy }) => copy <= copies);
  const report = phaseReporter('encode', labeled.length + copies * outlines, onProgress);
  report(0);
  let encoded = 0;
  const add = (example: HeadExample) => {
    items.push(example);
    report(++encoded);
  };
  for (const part of labeled) {
    throwIfCancelled(signal);
    const { slice: one, mask, rectangle, window, embeddings, shows } = part;
    const place = { study: studiesBefore + part.study, slice: slicesBefore + part.number };
    if (!view.tiled && (earlier ?? continues)) {
      checkInView(one, mask, cutMask(mask, one, rectangle), view);
    }
    const seen = await headView(one, window, rectangle, embeddings);
    add({ ...seen, coverage: fineCoverage(mask, one, rectangle), ...place, copy: 0 });
    for (let copy = 1; shows && copy <= copies; copy++) {
      throwIfCancelled(signal);
      add({ ...(await changedCopy(part, view, random)), ...place, copy });
    }
  }
  const shots = slicesBefore + studies.reduce((sum, { labels }) => sum + labels.size, 0);

  const start = performance.now();
  const computing = [parts.products ?? PLAIN_PRODUCTS, createExecutor] as const;
  const training = { updates: iterations, seed };
  const { model, losses } = continues
    ? await trainFurther(continues.model, items, training, ...computing, { signal, onProgress })
    : await trainHeads(items, training, ...computing, { signal, onProgress });
  const { fieldOfViewMm, offsetMm, tiled } = view;
  const before = continues?.metadata;
  const [{ axis, window, slices }] = studies;
  return {
    task: {
      metadata: {
        version: TASK_VERSION,
        name,
        ...(terms && { terms }),
        ...(modality && { modality }),
        model: { id: modelId, sha256: parts.modelSha256 },
        method: 'head',
        axis,
        window,
        spacingMm: [slices[0].rowSpacing, slices[0].columnSpacing],
        fieldOfViewMm,
        offsetMm,
        ...(tiled && { tiled }),
        shots: (before?.shots ?? 0) + shots,
        studies: (before ? (before.studies ?? 1) : 0) + studiesBefore + studies.length,
        iterations,
        seed,
        leaveOneOut: model.heldOutDice,
      },
      model,
    },
    examples: { view: { fieldOfViewMm, offsetMm, tiled }, items },
    losses,
    seconds: {
      encode: resolved.reduce((sum, { embeddings }) => sum + embeddings.seconds, 0),
      fit: (performance.now() - start) / 1000,
    },
    embeddingsFromCache: resolved.reduce((sum, { embeddings }) => sum + embeddings.fromCache, 0),
  };
}

const isOutline = ({ copy, coverage }: HeadExample) =>
  copy === 0 && coverage.some(share => share > 0);

/**
 * Embeddings as heads of a view see them: of inputs of one size, because at another size features are others,
 * and heads would find something else.
 *
 * @throws FewshotError `backend-unusable` when no encoder takes inputs of that size
 */
export async function headEmbeddings(
  view: Pick<TaskView, 'tiled'>,
  parts: HeadParts,
): Promise<(window: ResolvedWindow) => Embeddings> {
  const size = headEncoderSize(view);
  const encoder = await encoderOfSize(parts, size);
  if (!encoder) throw unusable();
  const { modelSha256, cache } = parts;
  return window => new Embeddings(encoder, modelSha256, window, cache, size);
}

export function executorOf({ createExecutor }: HeadParts): CreateExecutor {
  if (createExecutor) return createExecutor;
  throw unusable();
}

function unusable(): FewshotError {
  return new FewshotError(
    'backend-unusable',
    'This computer does not run the kernels that the method head needs.',
    'Use paper-context instead.',
  );
}
