import { throwIfCancelled } from '../platform/errors';
import { nextTask } from '../platform/nextTask';
import { phaseReporter, type OnProgress } from '../platform/progress';
import type { Executor, Program } from '../program/program';
import { seededRandom } from '../numeric/random';
import { ADAM_EPSILON, DICE_SMOOTHING } from '../finetune/decoderEngine';
import { checkLoss, visits } from '../finetune/fit';
import { HEAD_CELLS, HEAD_CHANNELS } from './headInput';
import { SHOTS_PER_UPDATE } from './learningWork';
import { headProgram, startParameters } from './headProgram';

/** A labeled slice as a head sees it. */
export interface HeadShot {
  /** [cells * cells, channels] */
  features: Float32Array;
  /** [cells * cells] share of each cell that is foreground, 0..1 */
  coverage: Float32Array;
}

export interface FitHeadOptions {
  /** Seed of the weights, of the order of the slices, and of their shifts. */
  seed: number;
  /** Adam updates. */
  updates: number;
  /** Parameters to train further; default: random ones. */
  start?: Float32Array;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

export type CreateExecutor = (program: Program) => Promise<Executor>;

export const HEAD_SHAPE = { size: HEAD_CELLS, channels: HEAD_CHANNELS, width: 24 };

/** With a third of it, 120 updates are not enough. */
const LEARNING_RATE = 1e-2;
const BETAS = [0.9, 0.99] as const;
/** Side of the part of a slice that an update sees: all of it takes two and a half times as long. */
export const TRAINED_CELLS = 40;
/** Cells by which that part may reach beyond the slice. */
const MOST_BEYOND = 3;
/**
 * Weight of a background cell in the loss; a foreground cell counts 1. With equal weights a small structure
 * is soon "nowhere", and on other patients much of it is missed.
 */
const BACKGROUND_WEIGHT = 0.1;

/**
 * Trains one head: cross-entropy plus soft Dice, Adam. At least 65 % of the slices that an
 * update sees show the structure, see `visits`.
 *
 * @returns its parameters, and the training loss at each update
 * @throws FewshotError `cancelled`; `bad-result` when the loss is no longer a number
 */
export async function fitHead(
  shots: readonly HeadShot[],
  { seed, updates, start = startParameters(HEAD_SHAPE, seed), signal, onProgress }: FitHeadOptions,
  createExecutor: CreateExecutor,
): Promise<{ parameters: Float32Array; losses: number[] }> {
  const settings = {
    learningRate: LEARNING_RATE,
    betas: BETAS,
    epsilon: ADAM_EPSILON,
    diceSmoothing: DICE_SMOOTHING,
  };
  const { program, parameters, features, training } = headProgram(
    { ...HEAD_SHAPE, size: TRAINED_CELLS },
    settings,
  );
  const { target, valid, loss } = training!;
  const executor = await createExecutor(program);
  try {
    executor.write(parameters, start);
    const random = seededRandom(seed);
    const order = visits(shots, updates * SHOTS_PER_UPDATE, seed);
    const report = phaseReporter('fit', updates, onProgress);
    report(0);
    const losses: number[] = [];
    for (let update = 0; update < updates; update++) {
      let sum = 0;
      const first = update * SHOTS_PER_UPDATE;
      for (const shot of order.slice(first, first + SHOTS_PER_UPDATE)) {
        const corner = chooseCorner(shots[shot].coverage, random);
        const seen = cropped(shots[shot], corner);
        executor.write(features, seen.features);
        executor.write(target, seen.coverage);
        executor.write(valid, seen.weights);
        await executor.run('gradient');
        sum += (await executor.read(loss))[0];
        await nextTask();
        throwIfCancelled(signal);
      }
      await executor.run('update');
      losses.push(sum / SHOTS_PER_UPDATE);
      checkLoss(sum, update);
      report(update + 1);
    }
    return { parameters: await executor.read(parameters), losses };
  } finally {
    executor.dispose();
  }
}

/** A cell of the grid; it may lie beyond the slice. */
interface Cell {
  row: number;
  column: number;
}

/**
 * Chooses the part of a slice that an update sees: at random, but with the whole structure in it where it fits.
 * So patients need not be centered alike.
 *
 * @returns its first cell
 */
export function chooseCorner(coverage: Float32Array, random: () => number): Cell {
  const low = { row: Infinity, column: Infinity };
  const high = { row: -Infinity, column: -Infinity };
  coverage.forEach((share, i) => {
    if (share === 0) return;
    const cell = { row: Math.floor(i / HEAD_CELLS), column: i % HEAD_CELLS };
    for (const axis of ['row', 'column'] as const) {
      low[axis] = Math.min(low[axis], cell[axis]);
      high[axis] = Math.max(high[axis], cell[axis]);
    }
  });
  const along = (axis: keyof Cell) => {
    const all = [-MOST_BEYOND, HEAD_CELLS - TRAINED_CELLS + MOST_BEYOND];
    const whole = [Math.max(all[0], high[axis] + 1 - TRAINED_CELLS), Math.min(all[1], low[axis])];
    const [first, last] = whole[0] <= whole[1] ? whole : all;
    return first + Math.floor(random() * (last - first + 1));
  };
  return { row: along('row'), column: along('column') };
}

/** The part of a slice that begins at a cell. What lies beyond the slice is zero and has no weight. */
export function cropped(
  { features, coverage }: HeadShot,
  corner: Cell,
): HeadShot & { weights: Float32Array } {
  const channels = features.length / HEAD_CELLS ** 2;
  const cells = TRAINED_CELLS ** 2;
  const seen = {
    features: new Float32Array(cells * channels),
    coverage: new Float32Array(cells),
    weights: new Float32Array(cells),
  };
  const from = Math.max(0, -corner.column);
  const width = Math.min(TRAINED_CELLS, HEAD_CELLS - corner.column) - from;
  for (let row = 0; row < TRAINED_CELLS; row++) {
    const sourceRow = row + corner.row;
    if (sourceRow < 0 || sourceRow >= HEAD_CELLS) continue;
    const source = sourceRow * HEAD_CELLS + corner.column + from;
    const to = row * TRAINED_CELLS + from;
    const values = features.subarray(source * channels, (source + width) * channels);
    seen.features.set(values, to * channels);
    for (let i = 0; i < width; i++) {
      const share = coverage[source + i];
      seen.coverage[to + i] = share;
      seen.weights[to + i] = BACKGROUND_WEIGHT + (1 - BACKGROUND_WEIGHT) * share;
    }
  }
  return seen;
}
