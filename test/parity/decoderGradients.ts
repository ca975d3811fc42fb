/** One training step of the decoder with SAM's weights, and how far two machines agree on it. */
import { packParameters, parameterLayout } from '../../engine/src/sam/parameterLayout';
import { decoderProgram } from '../../engine/src/finetune/decoderProgram';
import type { Executor, Program } from '../../engine/src/program/program';
import { testValues } from '../../engine/src/numeric/comparison';
import { usedNames } from '../../engine/src/sam/decoderNames';
import type { Weights } from '../../engine/src/sam/weights';

const PROMPTS = 5;
const SETTINGS = { learningRate: 1e-3, epsilon: 1e-7, diceSmoothing: 1 };

const wave = (length: number, seed: number) => testValues(length, seed).map(value => value / 2);

/** What a step computes. */
export interface DecoderStep {
  gradients: Float32Array;
  logits: Float32Array;
  /** Loss after one update. */
  lossAfter: number;
}

/** The program of a training step on invented data, and what runs it. */
export interface DecoderTraining {
  program: Program;
  /**
   * Writes the data, computes gradients, updates, and computes the loss again.
   *
   * @param measuring computes that loss, from the updated parameters; it has the data from a step of its own
   */
  step(executor: Executor, measuring?: Executor): Promise<DecoderStep>;
  /** @returns the largest difference, relative to the largest value of the same tensor */
  compare(actual: DecoderStep, expected: DecoderStep): { gradients: number; logits: number };
  /** Starts a step more; returns before it is computed. */
  start(executor: Executor): void;
  /** Waits for all steps that were started. */
  finish(executor: Executor): Promise<unknown>;
}

/**
 * @param weights to start from, see `startWeights`
 * @param size tokens along a side of the image; SAM has 64
 */
export function decoderTraining(weights: Weights, size: number): DecoderTraining {
  const names = [...usedNames(weights, [1, 2]), 'fewshot.query_tokens.weight'];
  const layout = parameterLayout(weights, names);
  const { program, ...places } = decoderProgram(
    layout,
    { size, prompts: PROMPTS },
    { ...SETTINGS, betas: [0.9, 0.99] },
  );
  const { prompts, selection, position, image, repeats, parameters } = places;
  const { target, valid, loss } = places.training!;
  return {
    program,
    step: async (executor, measuring = executor) => {
      [prompts, position, image, selection, ...repeats].forEach((tensor, seed) =>
        executor.write(tensor, wave(tensor.rows * tensor.columns, seed)),
      );
      const pixels = target.rows * target.columns;
      executor.write(parameters, packParameters(layout, weights));
      executor.write(
        target,
        wave(pixels, 2).map(value => Math.max(0, 2 * value)),
      );
      executor.write(valid, new Float32Array(pixels).fill(1));
      await executor.run('gradient');
      const storage = program.storages.find(({ role }) => role === 'gradient')!;
      const gradients = await executor.read({ ...parameters, storage });
      const logits = await executor.read(places.logits);
      await executor.run('update');
      if (measuring !== executor) measuring.write(parameters, await executor.read(parameters));
      await measuring.run('gradient');
      const [lossAfter] = await measuring.read(loss);
      return { gradients, logits, lossAfter };
    },
    compare: (actual, expected) => {
      let gradients = 0;
      for (const [name, { offset, rows, columns }] of layout.places) {
        // A key's bias moves no share: its gradient is zero but for rounding.
        if (name.endsWith('k_proj.bias')) continue;
        const end = offset + rows * columns;
        const own = actual.gradients.subarray(offset, end);
        const other = expected.gradients.subarray(offset, end);
        gradients = Math.max(gradients, largestDifference(own, other));
      }
      return { gradients, logits: largestDifference(actual.logits, expected.logits) };
    },
    start: executor => {
      void executor.run('gradient');
      void executor.run('update');
    },
    finish: executor => executor.read(loss),
  };
}

/** Relative to the largest value; NaN where one is. */
export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = actual.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - expected[i])),
    0,
  );
  return difference / largest;
}
