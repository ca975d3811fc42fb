import { CHILDREN, decoderProgram, QUERIES, type DecoderProgram } from './decoderProgram';
import {
  packParameters,
  parameterLayout,
  unpackParameters,
  type ParameterLayout,
} from '../sam/parameterLayout';
import type { Executor, Program, Tensor } from '../program/program';
import { usedNames } from '../sam/decoderNames';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import { POSITION_MATRIX, positionEncoding, positionMatrix } from '../sam/positionEncoding';
import { toRowMajor, toTokenOrder } from '../sam/tokenOrder';
import { samWeight, type Weights } from '../sam/weights';
import { checkLogits } from './checkLogits';
import {
  type DecoderEngine,
  ADAM_EPSILON,
  DICE_SMOOTHING,
  type FittedDecoder,
  type SegmentingDecoder,
  type Shot,
  type Trainer,
  type TrainingSettings,
} from './decoderEngine';
import { BACKGROUND, FOREGROUND, QUERY_TOKENS } from './startWeights';

/**
 * Creates an engine that trains and segments with programs of fixed shapes.
 *
 * @param createExecutor creates the executor of a program
 */
export function programEngine(
  description: string,
  createExecutor: (program: Program) => Promise<Executor>,
): DecoderEngine {
  return {
    description,
    train: async (start, targetEmbeddings, shots, settings) => {
      const size = Math.sqrt(shots[0].embedding.length / EMBEDDING_CHANNELS);
      const running = await startProgram(createExecutor, start, targetEmbeddings, size, settings);
      return new ProgramTrainer(running, start, shots);
    },
    segmenter: async fitted => new ProgramSegmenter(createExecutor, fitted),
  };
}

/** A decoder's program on an executor, with weights and constants written. */
interface RunningDecoder {
  layout: ParameterLayout;
  decoder: DecoderProgram;
  executor: Executor;
}

async function startProgram(
  createExecutor: (program: Program) => Promise<Executor>,
  weights: Weights,
  targetEmbeddings: Float32Array,
  size: number,
  training: TrainingSettings | null,
): Promise<RunningDecoder> {
  const names = [...usedNames(weights, [FOREGROUND, BACKGROUND]), QUERY_TOKENS];
  names.forEach(name => samWeight(weights, name));
  const layout = parameterLayout(weights, names);
  const prompts = targetEmbeddings.length / EMBEDDING_CHANNELS;
  const decoder = decoderProgram(
    layout,
    { size, prompts },
    training && { ...training, epsilon: ADAM_EPSILON, diceSmoothing: DICE_SMOOTHING },
  );
  const executor = await createExecutor(decoder.program);
  const write = (tensor: Tensor, at: (row: number, column: number) => number) =>
    executor.write(tensor, filled(tensor, at));
  executor.write(decoder.parameters, packParameters(layout, weights));
  executor.write(decoder.position, positionEncoding(positionMatrix(weights), size));
  write(decoder.prompts, (row, column) =>
    row < QUERIES ? 0 : targetEmbeddings[(row - QUERIES) * EMBEDDING_CHANNELS + column],
  );
  write(decoder.selection, (row, column) => (row === column ? 1 : 0));
  for (const repeat of decoder.repeats) {
    const channels = repeat.columns / CHILDREN;
    write(repeat, (row, column) => (row === column % channels ? 1 : 0));
  }
  return { layout, decoder, executor };
}

class ProgramTrainer implements Trainer {
  private readonly images: Float32Array[];
  private readonly targets: Float32Array[];
  private readonly valids: Float32Array[];

  constructor(
    private readonly running: RunningDecoder,
    private readonly start: Weights,
    shots: readonly Shot[],
  ) {
    this.images = shots.map(({ embedding }) => tokensFirst(embedding));
    this.targets = shots.map(({ coverage }) => toTokenOrder(coverage));
    this.valids = shots.map(({ valid }) => toTokenOrder(valid));
  }

  async addGradients(shot: number): Promise<{ loss: Promise<number> }> {
    const { decoder, executor } = this.running;
    const { target, valid, loss } = decoder.training!;
    executor.write(decoder.image, this.images[shot]);
    executor.write(target, this.targets[shot]);
    executor.write(valid, this.valids[shot]);
    await executor.run('gradient');
    return { loss: executor.read(loss).then(([value]) => value) };
  }

  update(): Promise<void> {
    return this.running.executor.run('update');
  }

  async read(): Promise<Weights> {
    const { layout, decoder, executor } = this.running;
    const weights = unpackParameters(layout, await executor.read(decoder.parameters));
    weights.set(POSITION_MATRIX, this.start.get(POSITION_MATRIX)!);
    return weights;
  }

  dispose(): void {
    this.running.executor.dispose();
  }
}

class ProgramSegmenter implements SegmentingDecoder {
  private running: Promise<RunningDecoder> | null = null;

  constructor(
    private readonly createExecutor: (program: Program) => Promise<Executor>,
    private readonly fitted: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>,
  ) {}

  async logits(embedding: Float32Array): Promise<Float32Array> {
    const size = Math.sqrt(embedding.length / EMBEDDING_CHANNELS);
    const { weights, targetEmbeddings } = this.fitted;
    this.running ??= startProgram(this.createExecutor, weights, targetEmbeddings, size, null);
    const { decoder, executor } = await this.running;
    executor.write(decoder.image, tokensFirst(embedding));
    await executor.run('forward');
    const pair = await executor.read(decoder.logits);
    const pixels = pair.length / QUERIES;
    const logits = toRowMajor(pair.slice(0, pixels).map((value, i) => value - pair[pixels + i]));
    checkLogits(logits);
    return logits;
  }

  dispose(): void {
    void this.running?.then(
      ({ executor }) => executor.dispose(),
      // `logits` reports a failed start.
      () => undefined,
    );
  }
}

/** [256, pixels] -> [pixels, 256] */
function tokensFirst(embedding: Float32Array): Float32Array {
  const pixels = embedding.length / EMBEDDING_CHANNELS;
  const tokens = new Float32Array(embedding.length);
  for (let channel = 0; channel < EMBEDDING_CHANNELS; channel++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      tokens[pixel * EMBEDDING_CHANNELS + channel] = embedding[channel * pixels + pixel];
    }
  }
  return tokens;
}

function filled(
  { rows, columns }: Tensor,
  at: (row: number, column: number) => number,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) =>
    at(Math.floor(i / columns), i % columns),
  );
}
