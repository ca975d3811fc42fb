/** The part of bench:speed that times encoders in a browser's worker. */
import { PluginFiles } from '../../engine/src/platform/pluginFiles';
import { sensibleThreads } from '../../engine/src/platform/threads';
import { kernelsInBrowser } from '../../engine/src/program/wasm/kernelsWeb';
import { createImageEncoderWeb } from '../../engine/src/sam/imageEncoderOnnxWeb';
import { createImageEncoderWasm } from '../../engine/src/sam/imageEncoderWasm';
import { parseSafetensors } from '../../engine/src/sam/safetensors';
import { encoderFigures } from './encoders';

/** @param assets absolute URL of the plug-in's folder, ending in a slash */
async function measure(assets: string) {
  const file = async (name: string) => {
    const response = await fetch(`${assets}models/mobile-sam/${name}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [graph, weights] = [await file('encoder.onnx'), await file('encoder.safetensors')];
  const wasmPath = `${assets}wasm/`;
  const numThreads = sensibleThreads();
  const { files } = (await (await fetch(`${assets}files.json`)).json()) as {
    files: Record<string, string>;
  };
  const hashes = Object.entries(files)
    .filter(([name]) => name.startsWith('wasm/'))
    .map(([name, hash]) => [name.slice('wasm/'.length), hash]);
  const kernels = await kernelsInBrowser(new PluginFiles(wasmPath, Object.fromEntries(hashes)));
  return encoderFigures({
    'our kernels': await createImageEncoderWasm(
      parseSafetensors(weights).weights,
      kernels,
      numThreads,
    ),
    'ONNX Runtime Web': await createImageEncoderWeb(graph, {
      ...{ weights, wasmPath, numThreads },
      prefer: 'wasm',
    }),
  });
}

self.onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    self.postMessage({ figures: await measure(data) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
