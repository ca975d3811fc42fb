import { mapInto } from '../numeric/mapInto';
import { trimmed, untrimmed } from '../numeric/trimmed';

const HIGHEST = 0xffff;
const HALF = 0x7fff;

/**
 * Stores probabilities in 16 bits each, without leading and trailing zeros, to save memory: there is one
 * array per slice.
 *
 * @param probability 0..1
 * @returns a function that returns them in a new array, within 1 / 65535, each on its side of one half
 */
export function keptProbability(probability: Float32Array): () => Float32Array {
  const { length } = probability;
  const rounded = mapInto(probability, new Uint16Array(length), value =>
    // A typed array truncates, so add one half to round.
    value > 0.5 ? Math.max(value * HIGHEST + 0.5, HALF + 1) : Math.min(value * HIGHEST + 0.5, HALF),
  );
  const kept = trimmed(rounded);
  return () => untrimmed(kept, new Float32Array(length), value => value / HIGHEST);
}
