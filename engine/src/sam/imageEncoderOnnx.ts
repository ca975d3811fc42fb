import type { InferenceSession, TypedTensor } from 'onnxruntime-web';
import { FewshotError } from '../errors';
import {
  EMBEDDING_CHANNELS,
  EMBEDDING_SIZE,
  ENCODER_INPUT_SIZE,
  type ImageEncoder,
} from './imageEncoder';

/**
 * Where a graph that holds no weights says that they are: `encoder.safetensors` beside it. It is a name
 * to find them by among the bytes given to ONNX Runtime; nothing is read from there.
 */
export const ENCODER_WEIGHTS_PATH = 'encoder.safetensors';

const INPUT_DIMS = [1, 3, ENCODER_INPUT_SIZE, ENCODER_INPUT_SIZE] as const;
const EMBEDDING_LENGTH = EMBEDDING_CHANNELS * EMBEDDING_SIZE * EMBEDDING_SIZE;

/** What ONNX Runtime needs to know of weights that are not in the graph. */
export function externalWeights(
  weights: Uint8Array | undefined,
): Pick<InferenceSession.SessionOptions, 'externalData'> {
  return weights ? { externalData: [{ path: ENCODER_WEIGHTS_PATH, data: weights }] } : {};
}

/** Makes a tensor of the ONNX Runtime build that owns the session. */
export type MakeTensor = (data: Float32Array, dims: readonly number[]) => TypedTensor<'float32'>;

/**
 * An ONNX session with one input and one output as the frozen encoder. One slice runs at a time,
 * and `dispose` waits for it: releasing a session during a run crashes the native code.
 */
export class OnnxImageEncoder implements ImageEncoder {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: InferenceSession,
    private readonly makeTensor: MakeTensor,
    readonly device: string,
  ) {}

  encode(input: Float32Array): Promise<Float32Array> {
    const run = this.last.then(() => this.run(input));
    this.last = run.catch(() => undefined);
    return run;
  }

  async dispose(): Promise<void> {
    await this.last;
    await this.session.release();
  }

  private async run(input: Float32Array): Promise<Float32Array> {
    const { inputNames, outputNames } = this.session;
    const output = (
      await this.session.run({ [inputNames[0]]: this.makeTensor(input, INPUT_DIMS) })
    )[outputNames[0]];
    // A copy: the runtime may reuse or free its own memory.
    const embedding = ((await output.getData()) as Float32Array).slice();
    output.dispose();
    checkEmbedding(embedding);
    return embedding;
  }
}

/** @throws FewshotError `bad-result` when it has the wrong length, holds NaN or Infinity, or is constant */
export function checkEmbedding(embedding: Float32Array): void {
  const fault = embeddingFault(embedding);
  if (fault) {
    throw new FewshotError(
      'bad-result',
      `The image encoder gave an unusable result: ${fault}.`,
      'Try again; if it happens again, choose the CPU backend.',
    );
  }
}

/** What is wrong with an embedding, or null. */
export function embeddingFault(embedding: Float32Array): string | null {
  if (embedding.length !== EMBEDDING_LENGTH) {
    return `${embedding.length} values instead of ${EMBEDDING_LENGTH}`;
  }
  let isConstant = true;
  for (let i = 0; i < embedding.length; i++) {
    if (!Number.isFinite(embedding[i])) return `value ${i} is ${embedding[i]}`;
    if (embedding[i] !== embedding[0]) isConstant = false;
  }
  return isConstant ? `every value is ${embedding[0]}` : null;
}
