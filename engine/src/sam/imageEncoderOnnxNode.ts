import { InferenceSession, Tensor } from 'onnxruntime-node';
import { FewshotError } from '../errors';
import type { ImageEncoder } from './imageEncoder';
import { OnnxImageEncoder } from './imageEncoderOnnx';

/**
 * The image encoder on the CPU with onnxruntime-node.
 *
 * @param model bytes of the ONNX file
 * @throws FewshotError `backend-unusable` when the runtime cannot load it
 */
export async function createImageEncoderNode(model: Uint8Array): Promise<ImageEncoder> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  } catch (error) {
    throw new FewshotError(
      'backend-unusable',
      `ONNX Runtime could not load the image encoder: ${(error as Error).message}`,
      'Run `npm install` and `npm run setup` again.',
      { cause: error },
    );
  }
  return new OnnxImageEncoder(session, (data, dims) => new Tensor('float32', data, dims), 'cpu');
}
