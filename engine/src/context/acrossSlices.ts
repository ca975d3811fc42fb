import { blur } from './blur';
import { mapInto } from '../numeric/mapInto';

/** Weight of a neighboring slice where it looks the same; the slice itself has weight 1. */
const WEIGHT = 0.3;
/** How fast that weight decays with the gray value difference: per squared fraction of the window. */
const FADING = 50;

/** A slice beside the one being smoothed. */
export interface NeighbourSlice {
  /** 0..255 */
  grey: Uint8Array;
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
  { grey, logits }: NeighbourSlice,
  neighbours: readonly NeighbourSlice[],
  columns: number,
): Float32Array {
  const sum = logits.slice();
  const weights = new Float32Array(logits.length).fill(1);
  for (const neighbour of neighbours) {
    const difference = blur(
      mapInto(grey, new Float32Array(grey.length), (value, i) => {
        const step = (value - neighbour.grey[i]) / 255;
        return step * step;
      }),
      columns,
      [1, 1, 1],
    );
    for (let i = 0; i < sum.length; i++) {
      const weight = WEIGHT * Math.exp(-FADING * difference[i]);
      sum[i] += weight * neighbour.logits[i];
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
