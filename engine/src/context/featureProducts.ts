import type { Executor, Operation, Program } from '../program/program';
import { ProgramBuilder } from '../program/programBuilder';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';

/** The two large matrix products of matching, on the fastest executor of this machine. */
export interface FeatureProducts {
  /**
   * @param features [channels, n]
   * @param mean [channels] subtracted first
   * @returns [channels, channels] sum of products for each pair of channels
   */
  covariance(features: Float32Array, mean: Float32Array): Promise<ArrayLike<number>>;
  /**
   * @param features [channels, n]
   * @param mean [channels] subtracted first
   * @param axes [dimensions, channels]
   * @returns [n, dimensions] coordinate of each vector along each axis
   */
  project(features: Float32Array, mean: Float32Array, axes: Float32Array): Promise<Float32Array>;
}

/** Plain JavaScript for any size, tens of times slower. */
export const PLAIN_PRODUCTS: FeatureProducts = {
  async covariance(features, mean) {
    const channels = mean.length;
    const n = features.length / channels;
    const centerd = center(features, mean);
    const sums = new Float64Array(channels * channels);
    for (let a = 0; a < channels; a++) {
      for (let b = a; b < channels; b++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += centerd[a * n + i] * centerd[b * n + i];
        sums[a * channels + b] = sum;
        sums[b * channels + a] = sum;
      }
    }
    return sums;
  },

  async project(features, mean, axes) {
    const channels = mean.length;
    const dimensions = axes.length / channels;
    const n = features.length / channels;
    const centerd = center(features, mean);
    const projected = new Float32Array(n * dimensions);
    for (let i = 0; i < n; i++) {
      for (let d = 0; d < dimensions; d++) {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += axes[d * channels + c] * centerd[c * n + i];
        projected[i * dimensions + d] = sum;
      }
    }
    return projected;
  },
};

/** Matching uses 64 of the 256 dimensions of an embedding: the rest costs time and adds no information. */
export const FEATURE_SIZE = { channels: EMBEDDING_CHANNELS, dimensions: 64 };

interface FeatureSize {
  channels: number;
  dimensions: number;
}

/**
 * Creates the products for features of any number of tokens, with one executor per number. Each holds a few
 * megabytes for as long as the products exist.
 */
export function createFeatureProducts(
  createExecutor: (program: Program) => Promise<Executor>,
  size: FeatureSize = FEATURE_SIZE,
): FeatureProducts {
  const started = new Map<number, Promise<StartedProducts>>();
  const productsFor = (tokens: number) => {
    const known = started.get(tokens) ?? start(createExecutor, size, tokens);
    started.set(tokens, known);
    known.catch(() => started.delete(tokens));
    return known;
  };
  return {
    async covariance(values, mean) {
      const { executor, features, sums } = await productsFor(values.length / size.channels);
      executor.write(features, center(values, mean));
      await executor.run('covariance');
      return executor.read(sums);
    },
    async project(values, mean, directions) {
      const { executor, features, axes, projected } = await productsFor(
        values.length / size.channels,
      );
      executor.write(features, center(values, mean));
      executor.write(axes, directions);
      await executor.run('project');
      return executor.read(projected);
    },
  };
}

type StartedProducts = Omit<ReturnType<typeof featureProgram>, 'program'> & { executor: Executor };

async function start(
  createExecutor: (program: Program) => Promise<Executor>,
  size: FeatureSize,
  tokens: number,
): Promise<StartedProducts> {
  const { program, ...tensors } = featureProgram(size, tokens);
  return { ...tensors, executor: await createExecutor(program) };
}

function featureProgram({ channels, dimensions }: FeatureSize, tokens: number) {
  const builder = new ProgramBuilder(0);
  const features = builder.tensor('input', channels, tokens);
  const axes = builder.tensor('input', dimensions, channels);
  const sums = builder.tensor('output', channels, channels);
  const projected = builder.tensor('output', tokens, dimensions);
  builder.matmul(features, features, { transposeB: true, out: sums });
  builder.matmul(features, axes, { transposeA: true, transposeB: true, out: projected });
  const [covariance, project] = builder.forward.map((operation): Operation[] => [operation]);
  const program: Program = { storages: builder.storages, sequences: { covariance, project } };
  return { program, features, axes, sums, projected };
}

function center(features: Float32Array, mean: Float32Array): Float32Array {
  const n = features.length / mean.length;
  const centerd = new Float32Array(features.length);
  for (let channel = 0; channel < mean.length; channel++) {
    const offset = mean[channel];
    for (let i = channel * n; i < (channel + 1) * n; i++) centerd[i] = features[i] - offset;
  }
  return centerd;
}
