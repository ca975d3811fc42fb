import { FIRST_ADDRESS, KernelMachine, type Kernels } from '../program/wasm/kernelMachine';
import {
  checkEmbedding,
  EMBEDDING_CHANNELS,
  ENCODER_SIZES,
  inputSizeOf,
  TOKEN_PIXELS,
  type ImageEncoder,
} from './imageEncoder';
import { encoderSequences } from './tinyVit/sequence';
import type { Weights } from './weights';

/**
 * Creates MobileSAM's image encoder on the CPU with our own kernels, about twice as fast as ONNX Runtime's
 * WebAssembly. Encoding blocks the calling thread.
 *
 * @param weights of encoder.safetensors
 * @param threads most threads to use
 * @param sizes sides of the input to support, pixels
 * @throws FewshotError `model-altered` when a tensor is missing; RangeError without enough memory
 */
export async function createImageEncoderWasm(
  weights: Weights,
  kernels: Kernels,
  threads: number,
  sizes: readonly number[] = ENCODER_SIZES,
): Promise<ImageEncoder> {
  const { bySize, bytes, constants } = encoderSequences(weights, FIRST_ADDRESS, sizes);
  const inOrder = [...bySize.keys()];
  const sequences = [...bySize.values()].map(({ calls }) => calls.map(call => [call]));
  const machine = await KernelMachine.start(kernels, { bytes, sequences }, threads);
  for (const { address, values } of constants) {
    if (values instanceof Float32Array) machine.floats(address, values.length).set(values);
    else machine.integers(address, values.length).set(values);
  }
  return {
    device: machine.threads === 1 ? 'wasm (1 thread)' : `wasm (${machine.threads} threads)`,
    sizes: inOrder,
    encode: async image => {
      const size = inputSizeOf(image);
      const { input, output } = bySize.get(size)!;
      machine.floats(input, 3 * size * size).set(image);
      machine.run(inOrder.indexOf(size));
      const length = EMBEDDING_CHANNELS * (size / TOKEN_PIXELS) ** 2;
      const embedding = machine.floats(output, length).slice();
      checkEmbedding(embedding, size);
      return embedding;
    },
    dispose: async () => machine.dispose(),
  };
}
