/** Times encoders on the same inputs, in turn. */
import type { ImageEncoder } from '../../engine/src/sam/imageEncoder';

/** Seconds per slice of one encoder, by the side of its input. */
export interface EncoderFigures {
  name: string;
  seconds: Record<number, number>;
}

const SIZES = [512, 672, 1024];
const ROUNDS = 3;

/**
 * Times encoders in turn, so that a slow minute of the machine affects all.
 *
 * @param encoders by name
 * @returns the median of three rounds for each; the first use of a size does not count
 */
export async function encoderFigures(
  encoders: Readonly<Record<string, ImageEncoder>>,
): Promise<EncoderFigures[]> {
  const figures = Object.keys(encoders).map((name): EncoderFigures => ({ name, seconds: {} }));
  for (const size of SIZES) {
    const input = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i / 50));
    const rounds: number[][] = figures.map(() => []);
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, { name }] of figures.entries()) {
        const start = performance.now();
        await encoders[name].encode(input);
        if (round > 0) rounds[i].push((performance.now() - start) / 1000);
      }
    }
    for (const [i, one] of figures.entries()) {
      one.seconds[size] = rounds[i].sort((a, b) => a - b)[ROUNDS >> 1];
    }
  }
  return figures;
}
