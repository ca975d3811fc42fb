import type { JobParts, Learner, Method } from '../job/method';
import type { PropagateParts } from './parts';

/** What is known of a method before it is loaded. */
export interface MethodEntry<Parts extends JobParts = PropagateParts> {
  /** For a user who has to choose. */
  description: string;
  /** Segments a study without outlines, and no other. */
  acrossStudiesOnly?: boolean;
  /** Looks at outlines alone: no model is loaded for it. */
  withoutModel?: boolean;
  /** Is told where the structure is on every slice: for comparison only. */
  needsTruth?: boolean;
  /** When it is asked for: some bring WebAssembly of their own. */
  load(): Promise<Method<Parts>>;
  /** Likewise, for methods that learn from several studies at once, or for several others. */
  loadLearner?(): Promise<Learner<Parts>>;
}

/**
 * The methods that users choose from, by name: in the viewer, at the command line, and in the benchmark, which
 * adds its baselines. Add a method here.
 */
export const METHODS = {
  context: {
    description:
      'image features matched with labelled slices around, joined with their outlines and grey values',
    load: async () => (await import('../context/context')).context,
  },
  'context-fast': {
    description: 'the same, looking at every second slice only',
    load: async () => (await import('../context/context')).contextFast,
  },
  paper: {
    description:
      'Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images"',
    load: async () => (await import('../finetune/paper')).paper,
    loadLearner: async () => (await import('../finetune/paper')).learnPaper,
  },
  'paper-context': {
    description: 'paper for another study, whose surest slices are then followed like outlines',
    acrossStudiesOnly: true,
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
