import { bestThreshold } from './bestThreshold';
import { logisticRegression, type Samples } from './logisticRegression';
import {
  tokenMethod,
  type LabeledTokens,
  type LearnOptions,
  type TokenClassifier,
} from './tokenMethod';

/**
 * A linear classifier on the embedding of each image token, as in Wu et al. (arXiv 2308.07624): logistic
 * regression on standardized features; the target is the foreground fraction of the token. Uses the best
 * threshold on the labeled slices, because the probability of a structure of few tokens seldom reaches one
 * half. Ignores `job.iterations`.
 */
export const { method: linear, learner: linearLearner } = tokenMethod(learnLinear);

export async function learnLinear(
  shots: readonly LabeledTokens[],
  { signal, onStep }: LearnOptions = {},
): Promise<TokenClassifier> {
  const samples = tokenSamples(shots);
  const { mean, deviation } = standardize(samples);
  const { weights, bias, losses } = await logisticRegression(samples, { signal, onStep });
  // Fold the standardization into the weights.
  const perChannel = weights.map((weight, channel) => weight / deviation[channel]);
  const offset = perChannel.reduce((sum, weight, channel) => sum - weight * mean[channel], bias);
  const scores = (embedding: Float32Array) => linearLogits(embedding, perChannel, offset);
  const threshold = bestThreshold(shots.map(shot => ({ ...shot, scores: scores(shot.embedding) })));
  return { logits: embedding => scores(embedding).map(score => score - threshold), losses };
}

/** Collects every token that holds image, from all labeled slices. */
export function tokenSamples(shots: readonly LabeledTokens[]): Samples {
  const tokens = shots[0].valid.length;
  const features = shots[0].embedding.length / tokens;
  const count = shots.reduce((sum, { valid }) => sum + valid.filter(share => share > 0).length, 0);
  const samples: Samples = {
    features,
    values: new Float32Array(count * features),
    targets: new Float32Array(count),
    importance: new Float32Array(count),
  };
  let sample = 0;
  for (const { embedding, coverage, valid } of shots) {
    for (let token = 0; token < tokens; token++) {
      if (!(valid[token] > 0)) continue;
      for (let i = 0; i < features; i++) {
        samples.values[sample * features + i] = embedding[i * tokens + token];
      }
      samples.targets[sample] = Math.min(1, coverage[token] / valid[token]);
      samples.importance[sample] = valid[token];
      sample++;
    }
  }
  return samples;
}

/** Scales every feature to mean 0 and standard deviation 1, in place. A constant feature becomes 0. */
export function standardize({ features, values }: Samples): {
  mean: Float64Array;
  deviation: Float64Array;
} {
  const count = values.length / features;
  const mean = new Float64Array(features);
  const deviation = new Float64Array(features);
  values.forEach((value, i) => (mean[i % features] += value / count));
  values.forEach((value, i) => (deviation[i % features] += (value - mean[i % features]) ** 2));
  for (let i = 0; i < features; i++) deviation[i] = Math.sqrt(deviation[i] / count) || 1;
  for (let i = 0; i < values.length; i++) {
    values[i] = (values[i] - mean[i % features]) / deviation[i % features];
  }
  return { mean, deviation };
}

/**
 * @param embedding [channels, tokens]
 * @param weights [channels]
 * @returns [tokens]
 */
function linearLogits(embedding: Float32Array, weights: Float64Array, bias: number): Float32Array {
  const tokens = embedding.length / weights.length;
  const logits = new Float64Array(tokens).fill(bias);
  weights.forEach((weight, channel) => {
    for (let i = 0; i < tokens; i++) logits[i] += weight * embedding[channel * tokens + i];
  });
  return Float32Array.from(logits);
}
