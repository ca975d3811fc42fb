import { nextTask, throwIfCancelled } from 'fewshot-sam';

/** Training samples of a classifier. */
export interface Samples {
  /** Number of values per sample. */
  features: number;
  /** [samples, features] */
  values: Float32Array;
  /** [samples] positive fraction of each sample, 0..1. */
  targets: Float32Array;
  /** [samples] weight of each sample. */
  importance: Float32Array;
}

export interface LogisticRegression {
  /** [features] */
  weights: Float64Array;
  bias: number;
  /** Cross-entropy and penalty before each step. */
  losses: number[];
}

export interface LogisticRegressionOptions {
  steps?: number;
  learningRate?: number;
  /** Factor of half the squared length of the weights. */
  l2?: number;
  signal?: AbortSignal;
  onStep?: (done: number, total: number) => void;
}

/** Adam as published (Kingma and Ba, arXiv 1412.6980); epsilon also keeps the initial bias finite. */
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Steps between yields to timers, messages and Ctrl-C. */
const STEPS_PER_TASK = 10;

/**
 * Fits a logistic regression with an L2 penalty, by Adam on all samples at once. The problem has one
 * minimum and nothing is random. Starts at the fraction of positives, so that a rare class need not be
 * unlearned first.
 *
 * @param samples standardized features, at least one sample
 * @throws FewshotError `cancelled`
 */
export async function logisticRegression(
  samples: Samples,
  { steps = 300, learningRate = 0.1, l2 = 1e-4, signal, onStep }: LogisticRegressionOptions = {},
): Promise<LogisticRegression> {
  const { features, targets, importance } = samples;
  // The bias is the last parameter.
  const parameters = new Float64Array(features + 1);
  const positive = importance.reduce((sum, weight, i) => sum + weight * targets[i], 0);
  const negative = importance.reduce((sum, weight, i) => sum + weight * (1 - targets[i]), 0);
  parameters[features] = Math.log(Math.max(positive, EPSILON) / Math.max(negative, EPSILON));
  const gradient = new Float64Array(features + 1);
  const [first, second] = [new Float64Array(features + 1), new Float64Array(features + 1)];
  const losses: number[] = [];
  onStep?.(0, steps);
  for (let step = 1; step <= steps; step++) {
    losses.push(lossAndGradient(samples, parameters, l2, gradient));
    gradient.forEach((slope, i) => {
      first[i] = BETA1 * first[i] + (1 - BETA1) * slope;
      second[i] = BETA2 * second[i] + (1 - BETA2) * slope * slope;
      const momentum = first[i] / (1 - BETA1 ** step);
      const scale = Math.sqrt(second[i] / (1 - BETA2 ** step)) + EPSILON;
      parameters[i] -= (learningRate * momentum) / scale;
    });
    if (step % STEPS_PER_TASK === 0) {
      await nextTask();
      throwIfCancelled(signal);
    }
    onStep?.(step, steps);
  }
  return { weights: parameters.slice(0, features), bias: parameters[features], losses };
}

function lossAndGradient(
  { features, values, targets, importance }: Samples,
  parameters: Float64Array,
  l2: number,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  const total = importance.reduce((sum, weight) => sum + weight, 0);
  let loss = 0;
  for (let sample = 0; sample < targets.length; sample++) {
    const from = sample * features;
    let logit = parameters[features];
    for (let i = 0; i < features; i++) logit += parameters[i] * values[from + i];
    const share = importance[sample] / total;
    const target = targets[sample];
    // Cross-entropy of a logit, in a form that cannot overflow.
    loss += share * (Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit))));
    const slope = share * (1 / (1 + Math.exp(-logit)) - target);
    for (let i = 0; i < features; i++) gradient[i] += slope * values[from + i];
    gradient[features] += slope;
  }
  for (let i = 0; i < features; i++) {
    loss += (l2 / 2) * parameters[i] ** 2;
    gradient[i] += l2 * parameters[i];
  }
  return loss;
}
