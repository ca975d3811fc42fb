import type { JobParts } from 'fewshot-sam';
import type { MethodEntry } from 'fewshot-sam/compute';

/** Baselines to compare the engine's methods with. */
export const BASELINES = {
  interpolate: {
    description: 'morphological contour interpolation between the shots (ITK)',
    needsNeighbors: true,
    withoutModel: true,
    load: async () => (await import('./morphologicalInterpolation')).interpolate,
  },
  nearest: {
    description: 'copy of the nearest shot; of single images, of the one that looks most alike',
    withoutModel: true,
    load: async () => (await import('./nearest')).nearest,
    loadLearner: async () => (await import('./nearest')).nearestImage,
  },
  prototype: {
    description: 'mean image embedding of structure and background',
    load: async () => (await import('./prototype')).prototype,
    loadLearner: async () => (await import('./prototype')).prototypeLearner,
  },
  linear: {
    description: 'logistic regression on image embeddings',
    load: async () => (await import('./linear')).linear,
    loadLearner: async () => (await import('./linear')).linearLearner,
  },
  'sam-point': {
    description: 'SAM with ideal points taken from --labels in every slice, for comparison',
    needsTruth: true,
    load: async () => (await import('./samPrompts')).samPoint,
  },
  'sam-box': {
    description: 'SAM with ideal boxes taken from --labels in every slice, for comparison',
    needsTruth: true,
    load: async () => (await import('./samPrompts')).samBox,
  },
} satisfies Record<string, MethodEntry<JobParts>>;
