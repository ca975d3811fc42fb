import type { FeatureProducts } from './featureProducts';

/** A linear map of feature vectors to fewer dimensions. */
export interface Projection {
  /** [channels] subtracted first. */
  mean: Float32Array;
  /** [dimensions, channels] orthonormal rows. */
  axes: Float32Array;
  channels: number;
  dimensions: number;
}

const ITERATIONS = 12;

/**
 * Computes the principal components of feature vectors by orthogonal iteration on their covariance.
 * Deterministic. Only the subspace matters: single axes need not converge.
 *
 * @param features arrays of [channels, n], all with the same number of channels
 * @param dimensions 1..channels
 */
export async function principalComponents(
  features: readonly Float32Array[],
  channels: number,
  dimensions: number,
  products: FeatureProducts,
): Promise<Projection> {
  const mean = channelMeans(features, channels);
  const covariance = await covarianceOf(features, channels, mean, products);
  let axes = startAxes(channels, dimensions);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Float64Array(axes.length);
    for (let d = 0; d < dimensions; d++) {
      for (let i = 0; i < channels; i++) {
        const factor = axes[d * channels + i];
        if (factor === 0) continue;
        for (let j = 0; j < channels; j++) {
          next[d * channels + j] += factor * covariance[i * channels + j];
        }
      }
    }
    orthonormalize(next, channels, dimensions);
    axes = next;
  }
  return { mean, axes: Float32Array.from(axes), channels, dimensions };
}

function channelMeans(features: readonly Float32Array[], channels: number): Float32Array {
  const mean = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let count = 0;
    for (const values of features) {
      const n = values.length / channels;
      for (let i = 0; i < n; i++) sum += values[channel * n + i];
      count += n;
    }
    mean[channel] = sum / count;
  }
  return mean;
}

async function covarianceOf(
  features: readonly Float32Array[],
  channels: number,
  mean: Float32Array,
  products: FeatureProducts,
): Promise<Float64Array> {
  const covariance = new Float64Array(channels * channels);
  const count = features.reduce((sum, values) => sum + values.length / channels, 0);
  for (const values of features) {
    const sums = await products.covariance(values, mean);
    for (let i = 0; i < covariance.length; i++) covariance[i] += sums[i] / count;
  }
  return covariance;
}

/** Starts from cosines of different frequencies: independent, and never orthogonal to every component. */
function startAxes(channels: number, dimensions: number): Float64Array {
  const axes = new Float64Array(dimensions * channels);
  for (let d = 0; d < dimensions; d++) {
    for (let i = 0; i < channels; i++) {
      axes[d * channels + i] = Math.cos((Math.PI * (i + 0.5) * d) / channels);
    }
  }
  return axes;
}

/** Gram-Schmidt, twice for accuracy; a direction that vanishes stays zero. */
function orthonormalize(axes: Float64Array, channels: number, dimensions: number): void {
  for (let d = 0; d < dimensions; d++) {
    const row = axes.subarray(d * channels, (d + 1) * channels);
    const length = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (let e = 0; e < d; e++) {
        const other = axes.subarray(e * channels, (e + 1) * channels);
        const share = dot(row, other);
        for (let i = 0; i < channels; i++) row[i] -= share * other[i];
      }
    }
    const rest = Math.sqrt(dot(row, row));
    if (rest > 1e-9 * length) for (let i = 0; i < channels; i++) row[i] /= rest;
    else row.fill(0);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * Scales vectors to length 1; a zero vector stays zero.
 *
 * @param vectors [n, dimensions], changed in place
 */
export function toUnit(vectors: Float32Array, dimensions: number): void {
  for (let start = 0; start < vectors.length; start += dimensions) {
    let square = 0;
    for (let d = start; d < start + dimensions; d++) square += vectors[d] * vectors[d];
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = start; d < start + dimensions; d++) vectors[d] *= scale;
  }
}
