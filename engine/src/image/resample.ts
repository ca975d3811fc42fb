/**
 * Separable resampling on pixel grids. Coordinates are in pixels with edges at whole numbers, so
 * the center of pixel k lies at k + 0.5.
 */

/** Maps target pixels of one axis to the source axis: `source = target * step + offset`. */
export interface AxisMapping {
  sourceSize: number;
  targetSize: number;
  /** Source pixels per target pixel. */
  step: number;
  /** Source coordinate of the first target pixel's edge. */
  offset: number;
}

/** Weights of consecutive source pixels for each target pixel, padded to the same number. */
export interface AxisWeights {
  targetSize: number;
  taps: number;
  /** First source pixel of each target pixel. */
  first: Int32Array;
  /** Taps of each target pixel with nonzero weight: `from` (included) to `to` (excluded). */
  from: Int32Array;
  to: Int32Array;
  /** `targetSize * taps` weights; those of one target pixel add up to 1, or 0 outside the source. */
  weights: Float32Array;
  /** Fraction of each target pixel that lies on the source, 0..1. */
  inside: Float32Array;
}

/** Bilinear interpolation; when shrinking, a triangle as wide as the step suppresses aliasing. */
export function linearWeights(mapping: AxisMapping): AxisWeights {
  const radius = Math.max(1, mapping.step);
  return axisWeights(mapping, radius + mapping.step / 2, (k, low, high) =>
    Math.max(0, 1 - Math.abs(k + 0.5 - (low + high) / 2) / radius),
  );
}

/** Area average: each source pixel counts by how much of it the target pixel covers. */
export function areaWeights(mapping: AxisMapping): AxisWeights {
  return axisWeights(mapping, mapping.step, (k, low, high) =>
    Math.max(0, Math.min(k + 1, high) - Math.max(k, low)),
  );
}

function axisWeights(
  { sourceSize, targetSize, step, offset }: AxisMapping,
  reach: number,
  weightOf: (sourcePixel: number, low: number, high: number) => number,
): AxisWeights {
  const taps = Math.min(sourceSize, Math.ceil(2 * reach) + 2);
  const [first, from, to] = [0, 1, 2].map(() => new Int32Array(targetSize));
  const weights = new Float32Array(targetSize * taps);
  const inside = new Float32Array(targetSize);
  for (let target = 0; target < targetSize; target++) {
    const low = target * step + offset;
    const high = low + step;
    const start = Math.floor((low + high) / 2 - reach) - 1;
    first[target] = Math.min(Math.max(start, 0), sourceSize - taps);
    inside[target] = Math.max(0, Math.min(high, sourceSize) - Math.max(low, 0)) / step;
    let sum = 0;
    from[target] = taps;
    for (let tap = 0; tap < taps; tap++) {
      const weight = weightOf(first[target] + tap, low, high);
      weights[target * taps + tap] = weight;
      sum += weight;
      if (weight === 0) continue;
      from[target] = Math.min(from[target], tap);
      to[target] = tap + 1;
    }
    if (sum > 0) {
      for (let tap = 0; tap < taps; tap++) weights[target * taps + tap] /= sum;
    }
  }
  return { targetSize, taps, first, from, to, weights, inside };
}

/**
 * Returns the range of source pixels that contribute to any target pixel: the first, and one past the last.
 */
export function sourceRange({ first, from, to }: AxisWeights): { start: number; end: number } {
  let [start, end] = [Infinity, 0];
  first.forEach((source, target) => {
    if (from[target] >= to[target]) return;
    start = Math.min(start, source + from[target]);
    end = Math.max(end, source + to[target]);
  });
  return { start: Math.min(start, end), end };
}

/**
 * Resamples a grid along its rows and columns.
 *
 * @param source row-major, `sourceColumns` wide
 * @returns row-major, `rows.targetSize * columns.targetSize`
 */
export function resample(
  source: ArrayLike<number>,
  sourceColumns: number,
  rows: AxisWeights,
  columns: AxisWeights,
): Float32Array {
  const width = columns.targetSize;
  const { start, end } = sourceRange(rows);
  const across = new Float32Array((end - start) * width);
  for (let row = start; row < end; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      const at = row * sourceColumns + columns.first[column];
      const weight = column * columns.taps;
      for (let tap = columns.from[column]; tap < columns.to[column]; tap++) {
        sum += columns.weights[weight + tap] * source[at + tap];
      }
      across[(row - start) * width + column] = sum;
    }
  }
  const result = new Float32Array(rows.targetSize * width);
  for (let row = 0; row < rows.targetSize; row++) {
    for (let tap = rows.from[row]; tap < rows.to[row]; tap++) {
      const weight = rows.weights[row * rows.taps + tap];
      const at = (rows.first[row] + tap - start) * width;
      for (let column = 0; column < width; column++) {
        result[row * width + column] += weight * across[at + column];
      }
    }
  }
  return result;
}
