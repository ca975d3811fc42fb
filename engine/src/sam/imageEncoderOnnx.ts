import type { InferenceSession, TypedTensor } from 'onnxruntime-web';
import {
  checkEmbedding,
  ENCODER_INPUT_SIZE,
  ENCODER_SIZES,
  inputSizeOf,
  type ImageEncoder,
} from './imageEncoder';
import { sizedGraph } from './tinyVit/sizedGraph';

/**
 * Path under which a graph without weights refers to them. It only names the bytes given to ONNX Runtime;
 * no file is read.
 */
export const ENCODER_WEIGHTS_PATH = 'encoder.safetensors';

/** Session options that pass the weights to a graph that refers to them. */
export function externalWeights(
  weights: Uint8Array | undefined,
): Pick<InferenceSession.SessionOptions, 'externalData'> {
  return weights ? { externalData: [{ path: ENCODER_WEIGHTS_PATH, data: weights }] } : {};
}

/** The part of an ONNX Runtime build that an encoder needs. */
export interface OnnxRuntime {
  open(graph: Uint8Array): Promise<InferenceSession>;
  makeTensor(data: Float32Array, dims: readonly number[]): TypedTensor<'float32'>;
}

/**
 * The frozen encoder as ONNX Runtime sessions with one input and one output. Each input size needs its own
 * graph, so one session is open at a time. One slice runs at a time, and `dispose` waits for it: releasing
 * a session during a run crashes the native code.
 */
export class OnnxImageEncoder implements ImageEncoder {
  readonly sizes: readonly number[];
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly graph: Uint8Array,
    private readonly runtime: OnnxRuntime,
    private session: InferenceSession | null,
    private size: number,
    readonly device: string,
  ) {
    const isSizable = sizedGraph(graph, ENCODER_INPUT_SIZE) !== null;
    this.sizes = isSizable ? ENCODER_SIZES : [ENCODER_INPUT_SIZE];
  }

  /** @param graph bytes of `encoder.onnx` */
  static async open(
    graph: Uint8Array,
    runtime: OnnxRuntime,
    device: string,
  ): Promise<OnnxImageEncoder> {
    const session = await runtime.open(graph);
    return new OnnxImageEncoder(graph, runtime, session, ENCODER_INPUT_SIZE, device);
  }

  encode(input: Float32Array): Promise<Float32Array> {
    const run = this.last.then(() => this.run(input));
    this.last = run.catch(() => undefined);
    return run;
  }

  async dispose(): Promise<void> {
    await this.last;
    await this.session?.release();
  }

  private async run(input: Float32Array): Promise<Float32Array> {
    const size = inputSizeOf(input);
    const session = await this.sessionFor(size);
    const { inputNames, outputNames } = session;
    const tensor = this.runtime.makeTensor(input, [1, 3, size, size]);
    const output = (await session.run({ [inputNames[0]]: tensor }))[outputNames[0]];
    // Copy: the runtime may reuse or free its memory.
    const embedding = ((await output.getData()) as Float32Array).slice();
    output.dispose();
    checkEmbedding(embedding, size);
    return embedding;
  }

  private async sessionFor(size: number): Promise<InferenceSession> {
    if (this.session && this.size === size) return this.session;
    const graph = sizedGraph(this.graph, size);
    if (!graph) throw new Error(`the encoder does not support an input of ${size} x ${size}`);
    // Release it first, so that two sessions never take memory at once.
    await this.session?.release();
    this.session = null;
    this.session = await this.runtime.open(graph);
    this.size = size;
    return this.session;
  }
}
