import { FewshotError, throwIfCancelled } from '../platform/errors';
import { nextTask } from '../platform/nextTask';
import { phaseReporter, type OnProgress } from '../platform/progress';
import type { Weights } from '../sam/weights';
import type { Decoders, FittedDecoder, Shot } from './decoderEngine';
import { seededRandom, shuffled } from '../numeric/random';
import { MeanWeights } from './meanWeights';
import { QUERY_TOKENS, startWeights } from './startWeights';
import type { Initialization } from '../job/job';
import { targetEmbedding } from './targetEmbedding';

/** Steps queued ahead, so that the GPU keeps busy while the loss of an earlier step is read back. */
const STEPS_AHEAD = 3;

export interface FitOptions {
  /** Adam updates; by default as many as in the paper for this number of shots, fewer for fitted weights. */
  iterations?: number;
  learningRate?: number;
  /** Where the decoder starts unless its weights are fitted; by default SAM's weights. */
  initialization?: Initialization;
  /** Shots whose gradients are summed for one update. */
  shotsPerIteration?: number;
  /** Shots whose mean embeddings become the prompts; by default all that show the structure. */
  prompts?: readonly Shot[];
  /**
   * Whether the result is the mean of the weights during the second half of the updates, instead of the last ones
   * as published.
   */
  average?: boolean;
  /** [n, 256] prompts of shots no longer available; those of `prompts` follow them. */
  earlierPrompts?: Float32Array;
  seed?: number;
  /** By default TensorFlow.js, which must already be started. */
  engine?: Decoders;
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/**
 * Minimum share of visits to shots that show the structure. With fewer, predicting background everywhere is
 * the quickest way to a small loss, and the decoder does not recover from it.
 */
const SHOWING_SHARE = 0.65;

/** Updates between the weights that are averaged. */
const AVERAGE_EVERY = 5;

/** Adam as in the paper (Xie et al., section 4.2). */
const LEARNING_RATE = 1e-4;
const BETAS = [0.9, 0.99] as const;

/**
 * Scales the mean embeddings that serve as prompts. Measured once on the aorta (docs/accuracy.md, "How well it
 * segments"): IoU 0.85 at half length, 0.77 at full length, 0.81 at twice the length.
 */
const TARGET_SCALE = 0.5;

/** The paper's updates for 5, 20 and 50 labeled images. */
export function defaultIterations(shots: number): number {
  if (shots <= 5) return 50;
  return shots <= 20 ? 80 : 100;
}

/** Updates for weights fitted to other outlines, as a share of those from the start. */
const FURTHER_SHARE = 0.4;

/** Updates for weights already fitted to nearly the same shots. */
export function furtherIterations(shots: number): number {
  return Math.round(FURTHER_SHARE * defaultIterations(shots));
}

/**
 * Fine-tunes SAM's mask decoder on the labeled slices. The seed determines the order of the slices: same
 * input, seed and engine, same result.
 *
 * @param weights SAM's, or fitted weights to continue from
 * @throws FewshotError `bad-input` with no shot or an empty prompt, `cancelled`, `bad-result` when the
 *   loss is no longer a number
 */
export async function fit(
  weights: Weights,
  shots: readonly Shot[],
  {
    iterations = isFitted(weights)
      ? furtherIterations(shots.length)
      : defaultIterations(shots.length),
    learningRate = LEARNING_RATE,
    shotsPerIteration = 1,
    initialization = 'sam',
    prompts = shots.filter(showsStructure),
    earlierPrompts = new Float32Array(0),
    average = false,
    seed = 0,
    engine,
    signal,
    onProgress,
  }: FitOptions = {},
): Promise<FittedDecoder> {
  throwIfCancelled(signal);
  if (prompts.length === 0) {
    throw new FewshotError(
      'bad-input',
      'There is no labeled slice to learn from.',
      'Outline the structure on at least 2 slices.',
    );
  }
  const targetEmbeddings = concat([
    earlierPrompts,
    ...prompts.map(({ embedding, coverage }) =>
      targetEmbedding(embedding, coverage).map(value => TARGET_SCALE * value),
    ),
  ]);
  const start = isFitted(weights) ? weights : startWeights(weights, initialization, seed);
  const { train } = engine ?? (await import('./tfjsEngine')).tfjsEngine;
  const trainer = await train(start, targetEmbeddings, shots, {
    learningRate,
    betas: BETAS,
  });
  try {
    const order = visits(shots, iterations * shotsPerIteration, seed);
    const report = phaseReporter('fit', iterations, onProgress);
    report(0);
    const pending: Promise<number>[] = [];
    const losses: number[] = [];
    const mean = new MeanWeights();
    const settle = async (iteration: number) => {
      const loss = await pending[iteration];
      checkLoss(loss, iteration);
      losses.push(loss);
    };
    for (let iteration = 0; iteration < iterations; iteration++) {
      const batch = order.slice(iteration * shotsPerIteration, (iteration + 1) * shotsPerIteration);
      const parts: Promise<number>[] = [];
      for (const shot of batch) {
        const { loss } = await trainer.addGradients(shot);
        // If another step fails first, nothing awaits this loss: avoid an unhandled rejection.
        loss.catch(() => undefined);
        parts.push(loss);
        await nextTask();
        throwIfCancelled(signal);
      }
      await trainer.update();
      pending.push(meanOf(parts));
      if (iteration >= STEPS_AHEAD) await settle(iteration - STEPS_AHEAD);
      const left = iterations - 1 - iteration;
      if (average && left < iterations / 2 && left % AVERAGE_EVERY === 0) {
        mean.add(await trainer.read());
      }
      report(iteration + 1);
    }
    while (losses.length < iterations) await settle(losses.length);
    const fitted = average && iterations > 0 ? mean.mean() : await trainer.read();
    checkWeights(fitted);
    return { weights: fitted, targetEmbeddings, iterations, losses };
  } finally {
    trainer.dispose();
  }
}

/** Only fitted weights have query tokens. */
function isFitted(weights: Weights): boolean {
  return weights.has(QUERY_TOKENS);
}

/**
 * Returns the shot that each step visits: every shot once in random order, then again in a new order. If too
 * few shots show the structure, those and the empty ones alternate, each kind in its own order, so that every
 * run of steps has its share of both.
 */
export function visits(
  shots: readonly Pick<Shot, 'coverage'>[],
  steps: number,
  seed: number,
): number[] {
  const random = seededRandom(seed);
  const all = shots.map((_, shot) => shot);
  const showing = all.filter(shot => showsStructure(shots[shot]));
  if (showing.length === 0 || showing.length >= SHOWING_SHARE * shots.length) {
    const next = inTurns(all, random);
    return Array.from({ length: steps }, next);
  }
  const nextShowing = inTurns(showing, random);
  const empty = all.filter(shot => !showsStructure(shots[shot]));
  const nextEmpty = inTurns(empty, random);
  const shownBy = (step: number) => Math.ceil(SHOWING_SHARE * step);
  return Array.from({ length: steps }, (_, step) =>
    shownBy(step + 1) > shownBy(step) ? nextShowing() : nextEmpty(),
  );
}

/** Returns each item once in random order, then all again in a new order. */
function inTurns(items: readonly number[], random: () => number): () => number {
  let left: number[] = [];
  return () => {
    if (left.length === 0) left = shuffled(items.length, random);
    return items[left.shift()!];
  };
}

/** Whether a shot shows the structure; an empty one teaches its absence. */
export function showsStructure({ coverage }: Pick<Shot, 'coverage'>): boolean {
  return coverage.some(share => share > 0);
}

function meanOf(losses: readonly Promise<number>[]): Promise<number> {
  const mean = Promise.all(losses).then(
    values => values.reduce((sum, value) => sum + value, 0) / values.length,
  );
  mean.catch(() => undefined);
  return mean;
}

/** @throws FewshotError `bad-result` when the loss is no longer a number */
export function checkLoss(loss: number, iteration: number): void {
  if (Number.isFinite(loss)) return;
  throw new FewshotError(
    'bad-result',
    `Learning failed: the loss became ${loss} at step ${iteration + 1}.`,
    'Try again; if it happens again, choose the CPU backend or outline other slices.',
  );
}

function checkWeights(weights: Weights): void {
  for (const [name, { data }] of weights) {
    if (data.every(Number.isFinite)) continue;
    throw new FewshotError(
      'bad-result',
      `Learning failed: ${name} holds a value that is not a number.`,
      'Try again; if it happens again, choose the CPU backend.',
    );
  }
}

function concat(vectors: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0));
  let offset = 0;
  for (const vector of vectors) {
    joined.set(vector, offset);
    offset += vector.length;
  }
  return joined;
}
