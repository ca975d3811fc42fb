import { targetEmbedding } from 'fewshot-sam/compute';
import { bestThreshold } from './bestThreshold';
import { tokenMethod, type LabeledTokens } from './tokenMethod';

/**
 * Difference of cosine similarity that multiplies the odds by e: a usual temperature for feature matching.
 * It affects only the probability, not the mask.
 */
const TEMPERATURE = 0.05;

/**
 * Labels the tokens that resemble the structure's mean embedding: by cosine similarity, with the best
 * threshold on the labeled slices.
 */
export const { method: prototype, learner: prototypeLearner } = tokenMethod(
  async (shots, { onStep }) => {
    onStep?.(0, 1);
    const mean = meanTargetEmbedding(shots);
    const scored = shots.map(shot => ({ ...shot, scores: cosineSimilarity(shot.embedding, mean) }));
    const threshold = bestThreshold(scored);
    onStep?.(1, 1);
    return {
      logits: embedding =>
        cosineSimilarity(embedding, mean).map(score => (score - threshold) / TEMPERATURE),
      losses: [],
    };
  },
);

function meanTargetEmbedding(shots: readonly LabeledTokens[]): Float32Array {
  const targets = shots
    .filter(({ coverage }) => coverage.some(share => share > 0))
    .map(({ embedding, coverage }) => targetEmbedding(embedding, coverage));
  return targets[0].map((_, channel) => {
    const sum = targets.reduce((total, target) => total + target[channel], 0);
    return sum / targets.length;
  });
}

/**
 * Computes the cosine similarity of each token to a direction.
 *
 * @param embedding [channels, tokens]
 * @param direction [channels]
 * @returns [tokens] -1..1; 0 where a vector is zero
 */
export function cosineSimilarity(embedding: Float32Array, direction: Float32Array): Float32Array {
  const tokens = embedding.length / direction.length;
  const product = new Float64Array(tokens);
  const squared = new Float64Array(tokens);
  let directionSquared = 0;
  direction.forEach((weight, channel) => {
    directionSquared += weight * weight;
    for (let i = 0; i < tokens; i++) {
      const value = embedding[channel * tokens + i];
      product[i] += weight * value;
      squared[i] += value * value;
    }
  });
  return Float32Array.from(product, (value, i) => {
    const lengths = Math.sqrt(squared[i] * directionSquared);
    return lengths > 0 ? value / lengths : 0;
  });
}
