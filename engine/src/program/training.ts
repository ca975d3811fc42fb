import type { Adam, Program, Tensor } from './program';
import type { ProgramBuilder } from './programBuilder';

/** Adam's settings and the loss's. */
export interface ProgramTrainingSettings {
  learningRate: number;
  betas: readonly [number, number];
  epsilon: number;
  /** Keeps the Dice term defined where nothing is foreground; in pixels. */
  diceSmoothing: number;
}

/** Inputs and output of a program that trains. */
export interface ProgramTraining {
  /** [1, pixels] inputs: share of each pixel that is foreground, and share that counts, 0..1 */
  target: Tensor;
  valid: Tensor;
  /** [1, 1] output of `gradient` */
  loss: Tensor;
}

/**
 * Completes a program whose forward pass is written. Sequences: `forward`; with settings also `gradient` (adds the
 * gradients of one image to those that are there) and `update` (Adam).
 *
 * @param logits [2, pixels] foreground and background
 * @param settings null for a program that only segments
 */
export function finishProgram(
  builder: ProgramBuilder,
  logits: Tensor,
  settings: ProgramTrainingSettings | null,
): { program: Program; parameters: Tensor; training: ProgramTraining | null } {
  const { storages, forward, parameterLength } = builder;
  const parameters = { storage: builder.parameters, offset: 0, rows: 1, columns: parameterLength };
  if (!settings) {
    return { program: { storages, sequences: { forward } }, parameters, training: null };
  }
  const [target, valid] = [0, 1].map(() => builder.tensor('input', 1, logits.columns));
  const loss = builder.loss(logits, target, valid, settings.diceSmoothing);
  builder.differentiate();
  const update: Adam = {
    kind: 'adam',
    parameters: builder.parameters,
    gradients: builder.parameterGradients,
    moment1: builder.storage('moment1', parameterLength),
    moment2: builder.storage('moment2', parameterLength),
    step: builder.tensor('output', 1, 1),
    learningRate: settings.learningRate,
    beta1: settings.betas[0],
    beta2: settings.betas[1],
    epsilon: settings.epsilon,
  };
  const gradient = [...forward, ...builder.gradientOperations];
  const program = { storages, sequences: { forward, gradient, update: [update] } };
  return { program, parameters, training: { target, valid, loss } };
}
