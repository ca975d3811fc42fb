import { FewshotError } from '../platform/errors';
import type { ImageEncoder } from './imageEncoder';
import { externalWeights, OnnxImageEncoder, type OnnxRuntime } from './imageEncoderOnnx';

/**
 * Creates the image encoder on the CPU with onnxruntime-node.
 *
 * @param graph bytes of `encoder.onnx`
 * @param weights bytes of `encoder.safetensors`; absent for a graph that holds its weights
 * @param threads ONNX Runtime's own choice by default, which is a single thread on some virtual machines
 * @throws FewshotError `backend-unusable` when the runtime cannot load it
 */
export async function createImageEncoderNode(
  graph: Uint8Array,
  weights?: Uint8Array,
  threads?: number,
): Promise<ImageEncoder> {
  const options = {
    logSeverityLevel: 3,
    ...(threads && { intraOpNumThreads: threads }),
    ...externalWeights(weights),
  } as const;
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const runtime: OnnxRuntime = {
    open: bytes => InferenceSession.create(bytes, options),
    makeTensor: (data, dims) => new Tensor('float32', data, dims),
  };
  try {
    return await OnnxImageEncoder.open(graph, runtime, 'cpu');
  } catch (error) {
    throw new FewshotError(
      'backend-unusable',
      `ONNX Runtime could not load the image encoder: ${(error as Error).message}`,
      'Run `npm install` and `npm run setup` again.',
      { cause: error },
    );
  }
}
