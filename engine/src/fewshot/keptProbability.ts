import { mapInto } from '../numeric/mapInto';

const HIGHEST = 0xffff;

/**
 * Probabilities in 16 bits each: a study of many slices holds as many of them.
 *
 * @param probability 0..1
 * @returns gives them back, within 1 / 131070, in a new array each time
 */
export function keptProbability(probability: Float32Array): () => Float32Array {
  // A typed array cuts fractions off.
  const kept = mapInto(
    probability,
    new Uint16Array(probability.length),
    value => value * HIGHEST + 0.5,
  );
  return () => mapInto(kept, new Float32Array(kept.length), value => value / HIGHEST);
}
