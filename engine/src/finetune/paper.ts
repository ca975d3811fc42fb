import { applyTask } from './applyTask';
import { learnTask } from './learnTask';
import type { FinetuneParts } from './decoderEngine';
import { propagate } from './propagate';
import type { Method } from '../job/method';

/**
 * The method of Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images".
 * Within one study it learns from the labelled slices as they are; for another study it also learns
 * from changed copies of them, at one pixel size for both.
 */
export const paper: Method<FinetuneParts> = async (job, parts, options) => {
  const { test, targets, slices, labels, window, iterations, initialization, seed } = job;
  if (!test) return propagate(job, parts, options);
  // The axis is known to the one who cut the slices; it plays no part here.
  const study = { slices, labels, window, axis: 'axial' } as const;
  const settings = { name: 'structure', iterations, initialization, seed };
  const learned = await learnTask([study], settings, parts, options);
  const applied = await applyTask(learned.task, { ...test, targets }, parts, options);
  return {
    slices: applied.slices,
    iterations: learned.losses.length,
    losses: learned.losses,
    seconds: {
      encode: learned.seconds.encode + applied.seconds.encode,
      fit: learned.seconds.fit,
      propagate: applied.seconds.propagate,
    },
    embeddingsFromCache: learned.embeddingsFromCache + applied.embeddingsFromCache,
  };
};
