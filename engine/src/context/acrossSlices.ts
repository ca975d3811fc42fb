import { blur } from './blur';
import { mapInto } from '../numeric/mapInto';

/** Weight of a neighboring slice where it looks the same; the slice itself has weight 1. */
const WEIGHT = 0.3;
/** How fast that weight decays with the gray value difference: per squared fraction of the window. */
const FADING = 50;

/** A slice beside the one being smoothed. */
export interface NeighborSlice {
  /** 0..255 */
  gray: Uint8Array;
  logits: Float32Array;
}

/**
 * Smooths the logits of a slice with those of the slices beside it, pixel by pixel where both look alike.
 * True outlines change less from slice to slice than results found on each alone.
 *
 * @param columns of the crop
 * @returns weighted mean
 */
export function smoothAcross(
  { gray, logits }: NeighborSlice,
  neighbors: readonly NeighborSlice[],
  columns: number,
): Float32Array {
  const sum = logits.slice();
  const weights = new Float32Array(logits.length).fill(1);
  for (const neighbor of neighbors) {
    const difference = blur(
      mapInto(gray, new Float32Array(gray.length), (value, i) => {
        const step = (value - neighbor.gray[i]) / 255;
        return step * step;
      }),
      columns,
      [1, 1, 1],
    );
    for (let i = 0; i < sum.length; i++) {
      const weight = WEIGHT * Math.exp(-FADING * difference[i]);
      sum[i] += weight * neighbor.logits[i];
      weights[i] += weight;
    }
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= weights[i];
  return sum;
}

/** Converts `distance` in mm from the outline, positive inside, to logits. */
export function outlineLogits(distance: Float32Array, pixelMm: number): Float32Array {
  return distance.map(mm => Math.min(Math.max((2 * mm) / pixelMm, -4), 4));
}
