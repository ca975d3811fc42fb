import { mapInto } from '../numeric/mapInto';
import { trimmed, untrimmed } from '../numeric/trimmed';

const HIGHEST = 0xffff;
const HALF = 0x7fff;

/**
 * Probabilities in 16 bits each, without the zeros before and after: a study of many slices holds as
 * many of them.
 *
 * @param probability 0..1
 * @returns gives them back, within 1 / 65535, in a new array each time; above one half is what was there
 */
export function keptProbability(probability: Float32Array): () => Float32Array {
  const { length } = probability;
  const rounded = mapInto(probability, new Uint16Array(length), value =>
    // A typed array cuts fractions off.
    value > 0.5 ? Math.max(value * HIGHEST + 0.5, HALF + 1) : Math.min(value * HIGHEST + 0.5, HALF),
  );
  const kept = trimmed(rounded);
  return () => untrimmed(kept, new Float32Array(length), value => value / HIGHEST);
}
