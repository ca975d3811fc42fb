import { FIRST_ADDRESS, KernelMachine, type Kernels } from '../program/wasm/kernelMachine';
import {
  EMBEDDING_CHANNELS,
  EMBEDDING_SIZE,
  ENCODER_INPUT_SIZE,
  type ImageEncoder,
} from './imageEncoder';
import { checkEmbedding } from './imageEncoderOnnx';
import { encoderSequence } from './tinyVit/sequence';
import type { Weights } from './weights';

/**
 * MobileSAM's image encoder on the CPU with kernels of our own: about three times as fast as ONNX
 * Runtime's WebAssembly. Encoding blocks the thread that asks for it.
 *
 * @param weights of encoder.safetensors
 * @param threads how many are wanted
 * @throws FewshotError `model-altered` when a tensor is missing; RangeError without enough memory
 */
export async function createImageEncoderWasm(
  weights: Weights,
  kernels: Kernels,
  threads: number,
): Promise<ImageEncoder> {
  const { calls, constants, input, output, bytes } = encoderSequence(weights, FIRST_ADDRESS);
  const sequences = [calls.map(call => [call])];
  const machine = await KernelMachine.start(kernels, { bytes, sequences }, threads);
  for (const { address, values } of constants) {
    if (values instanceof Float32Array) machine.floats(address, values.length).set(values);
    else machine.integers(address, values.length).set(values);
  }
  const length = EMBEDDING_CHANNELS * EMBEDDING_SIZE * EMBEDDING_SIZE;
  return {
    device: machine.threads === 1 ? 'wasm (1 thread)' : `wasm (${machine.threads} threads)`,
    encode: async image => {
      machine.floats(input, 3 * ENCODER_INPUT_SIZE * ENCODER_INPUT_SIZE).set(image);
      machine.run(0);
      const embedding = machine.floats(output, length).slice();
      checkEmbedding(embedding);
      return embedding;
    },
    dispose: async () => machine.dispose(),
  };
}
