import { FewshotError } from '../errors';
import { METHOD_NAMES, type Method, type MethodName } from './method';

/** Each method is loaded when it is asked for: some bring WebAssembly of their own. */
const LOADERS: Partial<Record<MethodName, () => Promise<Method>>> = {
  paper: async () => (await import('./paper')).paper,
  interpolate: async () => (await import('../baselines/morphologicalInterpolation')).interpolate,
  nearest: async () => (await import('../baselines/nearest')).nearest,
  prototype: async () => (await import('../baselines/prototype')).prototype,
  linear: async () => (await import('../baselines/linear')).linear,
};

/** For a user who has to choose. */
export const DESCRIPTIONS: Record<MethodName, string> = {
  context: 'few-shot fine-tuning joined with the labelled neighbours of a slice',
  paper: 'Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images"',
  interpolate: 'morphological contour interpolation between the shots (ITK)',
  nearest: 'copy of the nearest shot',
  prototype: 'mean image embedding of structure and background',
  linear: 'logistic regression on image embeddings',
  'sam-point': 'SAM with a point from --labels in each slice: how good prompts can be',
  'sam-box': 'SAM with a box from --labels in each slice: how good prompts can be',
};

/** Methods that look at neighbouring masks alone and need no model. */
const WITHOUT_MODEL: readonly MethodName[] = ['interpolate', 'nearest'];

/** Methods that are told where the structure is on every slice: a bound, not a competitor. */
const PROMPTED_WITH_TRUTH: readonly MethodName[] = ['sam-point', 'sam-box'];

export const AVAILABLE_METHODS: readonly MethodName[] = METHOD_NAMES.filter(name => LOADERS[name]);

export function isMethodName(name: string): name is MethodName {
  return (METHOD_NAMES as readonly string[]).includes(name);
}

export function needsModel(name: MethodName): boolean {
  return !WITHOUT_MODEL.includes(name);
}

export function needsTruth(name: MethodName): boolean {
  return PROMPTED_WITH_TRUTH.includes(name);
}

/** @throws FewshotError `bad-input` when there is no such method yet */
export async function loadMethod(name: MethodName): Promise<Method> {
  const load = LOADERS[name];
  if (load) return load();
  throw new FewshotError(
    'bad-input',
    `The method ${name} is not available.`,
    `Use one of ${AVAILABLE_METHODS.join(', ')}.`,
  );
}
