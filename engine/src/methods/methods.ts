import type { JobParts, Learner, Method } from '../job/method';
import type { PropagateParts } from './parts';

/** Description of a method, available before its code is loaded. */
export interface MethodEntry<Parts extends JobParts = PropagateParts> {
  /** Shown to users. */
  description: string;
  /** Segments only studies without outlines. */
  acrossStudiesOnly?: boolean;
  /** Follows the structure from slice to slice, so it is not for single images. */
  needsNeighbors?: boolean;
  /** Uses outlines only, so no model is loaded. */
  withoutModel?: boolean;
  /** Takes prompts from the ground truth of every slice: for comparison only. */
  needsTruth?: boolean;
  /** Loads the method on first use: some bring their own WebAssembly. */
  load(): Promise<Method<Parts>>;
  /** Loads its learner, for methods that learn from several studies or segment several others. */
  loadLearner?(): Promise<Learner<Parts>>;
}

/**
 * The methods users can choose, by name. The viewer, the command line and the benchmark read this list; the
 * benchmark adds its baselines. Add a method here.
 */
export const METHODS = {
  context: {
    description:
      'matches image features with nearby labeled slices, and their outlines and gray values',
    needsNeighbors: true,
    load: async () => (await import('../context/context')).context,
  },
  'context-fast': {
    description: 'the same, on every second slice only',
    needsNeighbors: true,
    load: async () => (await import('../context/context')).contextFast,
  },
  paper: {
    description:
      'Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images"',
    load: async () => (await import('../finetune/paper')).paper,
    loadLearner: async () => (await import('../finetune/paper')).learnPaper,
  },
  'paper-context': {
    description: 'paper for another study; its surest slices are then followed like outlines',
    acrossStudiesOnly: true,
    needsNeighbors: true,
    load: async () => (await import('./paperContext')).paperContext,
    loadLearner: async () => (await import('./paperContext')).learnPaperContext,
  },
  head: {
    description: 'small convolutional heads on frozen image features, for another study',
    acrossStudiesOnly: true,
    load: async () => (await import('../head/applyHead')).head,
    loadLearner: async () => (await import('../head/applyHead')).learnHead,
  },
} satisfies Record<string, MethodEntry>;
