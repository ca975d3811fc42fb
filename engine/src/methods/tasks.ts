import { FewshotError } from '../platform/errors';
import type { AppliedStudy, PropagateOptions } from '../job/method';
import { encodeExamples, parseExamples, sliceCount } from '../finetune/examples';
import { applyTask as applyDecoder, type UnlabeledStudy } from '../finetune/applyTask';
import {
  learnTask as learnDecoder,
  type LabeledStudy,
  type LearnSettings,
} from '../finetune/learnTask';
import { TASK_TRAINING } from '../finetune/learningWork';
import type { Task as DecoderTask, TaskMetadata } from '../finetune/task';
import {
  encodeTask as encodeDecoderTask,
  parseTask as parseDecoderTask,
  readTaskTensors,
} from '../finetune/taskFile';
import { applyHead } from '../head/applyHead';
import { encodeHeadExamples, parseHeadExamples } from '../head/examples';
import { learnHeadTask } from '../head/learnHead';
import { encodeHeadTask, parseHeadTask, type HeadTask } from '../head/task';
import type { Weights } from '../sam/weights';
import { applyFollowed } from './applyFollowed';
import type { PropagateParts } from './parts';

/** A learned structure, by whichever method. */
export type Task = DecoderTask | HeadTask;

export type TaskMethod = TaskMetadata['method'];

/** How a task finds its structure in another study: only one of `paper` has a choice. */
export type ApplyMethod = 'paper' | 'paper-context' | 'head';

/** What a task was learned from before, as files. */
export interface EarlierTask {
  /** Output of `encodeTask`. */
  task: Uint8Array;
  /** Slices that it was learned from, where they were kept. */
  examples?: Uint8Array;
}

/** A task and what it was learned from, as files. */
export interface TaskFiles {
  metadata: TaskMetadata;
  task: Uint8Array;
  examples: Uint8Array;
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
}

const isHead = (task: Task): task is HeadTask => task.metadata.method === 'head';

/** Writes a task as a safetensors file. Equal tasks give equal bytes. */
export function encodeTask(task: Task): Uint8Array {
  return isHead(task) ? encodeHeadTask(task) : encodeDecoderTask(task);
}

/**
 * Reads a task file and checks all of it.
 *
 * @param sam SAM's mask decoder, whose shape a fine-tuned one must have
 * @throws FewshotError `bad-input` saying what is wrong with the file
 */
export function parseTask(bytes: Uint8Array, sam: Weights): Task {
  const { method } = readTaskTensors(bytes).metadata;
  return method === 'head' ? parseHeadTask(bytes) : parseDecoderTask(bytes, sam);
}

/** The method of a new task: heads, which learn faster and find more, where the kernels for them run. */
export function taskMethod({ createExecutor }: Pick<PropagateParts, 'createExecutor'>): TaskMethod {
  return createExecutor ? 'head' : 'paper';
}

/**
 * Learns a task from studies, or learns an earlier one again together with them: by the earlier one's method.
 *
 * @param method of a new task
 * @throws FewshotError as `learnHeadTask` and `learnTask`
 */
export async function learnTaskFiles(
  studies: readonly LabeledStudy[],
  settings: Omit<LearnSettings, 'earlier' | 'continues'>,
  parts: PropagateParts,
  options: PropagateOptions,
  { method = taskMethod(parts), earlier }: { method?: TaskMethod; earlier?: EarlierTask } = {},
): Promise<TaskFiles> {
  const before = earlier && parseTask(earlier.task, parts.weights);
  if (before ? isHead(before) : method === 'head') {
    const examples = earlier?.examples && parseHeadExamples(earlier.examples);
    const isKnown = before && examples && sliceCount(examples) >= before.metadata.shots;
    const learned = await learnHeadTask(
      studies,
      {
        ...settings,
        earlier: isKnown ? examples : undefined,
        ...(before && !isKnown && { continues: before as HeadTask }),
      },
      parts,
      options,
    );
    const files = {
      task: encodeHeadTask(learned.task),
      examples: encodeHeadExamples(learned.examples),
    };
    return { ...learned, ...files, metadata: learned.task.metadata };
  }
  const examples = earlier?.examples && parseExamples(earlier.examples);
  const decoder = before as DecoderTask | undefined;
  // With all earlier slices, learn from scratch; otherwise train the earlier task further.
  const isAll = decoder && examples && sliceCount(examples) >= decoder.metadata.shots;
  const learned = await learnDecoder(
    studies,
    {
      ...settings,
      ...TASK_TRAINING,
      earlier: examples,
      ...(decoder && !isAll && { continues: decoder }),
    },
    parts,
    options,
  );
  const files = {
    task: encodeDecoderTask(learned.task),
    examples: encodeExamples(learned.examples),
  };
  return { ...learned, ...files, metadata: learned.task.metadata };
}

/** How a task is applied unless it is told: one of `paper` by `paper-context`, but to images, by `paper`. */
export function methodOf(task: Task): ApplyMethod {
  if (isHead(task)) return 'head';
  return task.metadata.tiled ? 'paper' : 'paper-context';
}

function checkKind({ name, tiled }: TaskMetadata, isImage: boolean): void {
  if ((tiled ?? false) === isImage) return;
  throw new FewshotError(
    'bad-input',
    tiled
      ? `The task “${name}” was learned from single images; it cannot be applied to a volume.`
      : `The task “${name}” was learned from volumes; it cannot be applied to single images.`,
    `Learn the structure from ${tiled ? 'volumes' : 'such images'}.`,
  );
}

/** A study for a task, or a single image. */
export interface TaskStudy extends UnlabeledStudy {
  sliceSpacing?: number;
  /** Whether it is a single image. */
  images?: boolean;
}

/**
 * Finds a task's structure in a study.
 *
 * @throws FewshotError as `applyHead` and `applyTask`; `bad-input` when the task cannot be applied by `method`,
 *   or was learned from volumes and is applied to an image, or the other way round
 */
export async function applyTask(
  task: Task,
  study: TaskStudy,
  parts: PropagateParts,
  options: PropagateOptions = {},
  method: ApplyMethod = methodOf(task),
): Promise<AppliedStudy> {
  if (isHead(task) !== (method === 'head')) {
    throw new FewshotError(
      'bad-input',
      `The task “${task.metadata.name}” was learned by the method ${task.metadata.method}; it cannot be applied by ${method}.`,
      'Leave the method out, or learn the structure again by the other method.',
    );
  }
  checkKind(task.metadata, study.images === true);
  if (isHead(task)) return applyHead(task, study, parts, options);
  const apply = method === 'paper-context' ? applyFollowed : applyDecoder;
  return apply(task, study, parts, options);
}
