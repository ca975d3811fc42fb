import type { Mask } from '../image/slice';
import type { PropagatedSlice } from './job';
import { keptProbability } from './keptProbability';
import { mapInto } from '../numeric/mapInto';

/** Converts the logits of a slice to its result: foreground where they are positive. */
export function segmented(index: number, logits: Float32Array): PropagatedSlice {
  const mask: Mask = mapInto(logits, new Uint8Array(logits.length), logit => (logit > 0 ? 1 : 0));
  return { index, mask, probability: keptProbability(probabilities(logits)) };
}

/** Applies the logistic function to each value. */
export function probabilities(logits: Float32Array): Float32Array {
  return logits.map(logit => 1 / (1 + Math.exp(-logit)));
}

/** Foreground where the probability is above one half. */
export function maskOf(probability: Float32Array): Mask {
  return mapInto(probability, new Uint8Array(probability.length), p => (p > 0.5 ? 1 : 0));
}
