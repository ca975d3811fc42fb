import { METHOD_NAMES, type Method, type MethodName } from './method';

/** Each method is loaded when it is asked for: some bring WebAssembly of their own. */
const LOADERS: Record<MethodName, () => Promise<Method>> = {
  context: async () => (await import('../context/context')).context,
  'context-fast': async () => (await import('../context/context')).contextFast,
  paper: async () => (await import('./paper')).paper,
  'paper-context': async () => (await import('./paperContext')).paperContext,
  interpolate: async () => (await import('../baselines/morphologicalInterpolation')).interpolate,
  nearest: async () => (await import('../baselines/nearest')).nearest,
  prototype: async () => (await import('../baselines/prototype')).prototype,
  linear: async () => (await import('../baselines/linear')).linear,
  'sam-point': async () => (await import('../baselines/samPrompts')).samPoint,
  'sam-box': async () => (await import('../baselines/samPrompts')).samBox,
};

/** For a user who has to choose. */
export const DESCRIPTIONS: Record<MethodName, string> = {
  context:
    'image features matched with labelled slices around, joined with their outlines and grey values',
  'context-fast': 'the same, looking at every second slice only',
  paper: 'Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images"',
  'paper-context': 'paper for another study, whose surest slices are then followed like outlines',
  interpolate: 'morphological contour interpolation between the shots (ITK)',
  nearest: 'copy of the nearest shot',
  prototype: 'mean image embedding of structure and background',
  linear: 'logistic regression on image embeddings',
  'sam-point': 'SAM with ideal points taken from --labels in every slice, for comparison',
  'sam-box': 'SAM with ideal boxes taken from --labels in every slice, for comparison',
};

/** Methods that look at neighbouring masks alone and need no model. */
const WITHOUT_MODEL: readonly MethodName[] = ['interpolate', 'nearest'];

/** Methods that are told where the structure is on every slice: for comparison only. */
const PROMPTED_WITH_TRUTH: readonly MethodName[] = ['sam-point', 'sam-box'];

export function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name);
}

export function needsModel(name: MethodName): boolean {
  return !WITHOUT_MODEL.includes(name);
}

export function needsTruth(name: MethodName): boolean {
  return PROMPTED_WITH_TRUTH.includes(name);
}

export function loadMethod(name: MethodName): Promise<Method> {
  return LOADERS[name]();
}
