/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** The browser's encoder, in a browser: the graph, and its weights beside it, on wasm. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { CHROMIUM } from '../../../test/chromium';
import { encoderFiles, type EncoderFiles } from '../../../scripts/model/encoderFiles';
import { encoderOnnx } from '../../../test/parity/realModel';
import { slow, slowIt } from '../../../test/slow';
import { sha256Hex } from '../platform/sha256';
import type { FileHashes } from '../platform/pluginFiles';
import { createImageEncoderNode } from './imageEncoderOnnxNode';

const withBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('Encoder on wasm: skipped, no Chromium found. Set CHROMIUM_PATH.');

const WASM_FILES = path.dirname(require.resolve('onnxruntime-web'));

const SCRIPT = 'ort-wasm-simd-threaded.mjs';
const BINARY = 'ort-wasm-simd-threaded.wasm';

async function wasmHashes(): Promise<Record<string, string>> {
  const hash = async (file: string) => sha256Hex(await readFile(path.join(WASM_FILES, file)));
  return { [SCRIPT]: await hash(SCRIPT), [BINARY]: await hash(BINARY) };
}

/** Of the embedding's values, those that are compared: one in so many. */
const STEP = 97;

/** Runs in Node and, as text, in the browser. */
function input(size: number): Float32Array {
  return Float32Array.from(
    { length: 3 * size * size },
    (_, i) => Math.sin((i % size) / 40) + Math.cos(i / size / 60),
  );
}

const PROGRAM = `
  import { createImageEncoderWeb } from './imageEncoderOnnxWeb';
  import { PluginFiles } from '../platform/pluginFiles';
  const bytes = async file => new Uint8Array(await (await fetch(file)).arrayBuffer());
  const input = ${input.toString()};
  const wasmPath = location.origin + '/wasm/';
  window.encode = async (hashes, size) => {
    const encoder = await createImageEncoderWeb(await bytes('/encoder.onnx'), {
      weights: await bytes('/encoder.safetensors'),
      wasmPath,
      files: new PluginFiles(wasmPath, hashes),
      prefer: 'wasm',
    });
    const embedding = await encoder.encode(input(size));
    const { device } = encoder;
    await encoder.dispose();
    return { device, some: [...embedding.filter((_, i) => i % ${STEP} === 0)] };
  };
  window.failure = async hashes => {
    const files = hashes && new PluginFiles(wasmPath, hashes);
    const options = { wasmPath, files, prefer: 'wasm' };
    const failed = await createImageEncoderWeb(await bytes('/encoder.onnx'), options).catch(error => error);
    return { code: failed.code, message: failed.message };
  };
`;

declare global {
  interface Window {
    encode(hashes: FileHashes, size: number): Promise<{ device: string; some: number[] }>;
    failure(hashes?: FileHashes): Promise<{ code: string; message: string }>;
  }
}

withBrowser('the encoder on wasm, in Chromium', () => {
  let files: EncoderFiles;
  let server: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    files = encoderFiles(await encoderOnnx());
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: __dirname, loader: 'js' },
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
    });
    server = createServer(async (request, response) => {
      const url = request.url!;
      if (/\.m?js$/.test(url)) response.setHeader('Content-Type', 'text/javascript');
      else if (url === '/') response.setHeader('Content-Type', 'text/html');
      else if (url.endsWith('.wasm')) response.setHeader('Content-Type', 'application/wasm');
      if (url === '/') response.end('<script type="module" src="/program.js"></script>');
      else if (url === '/program.js') response.end(outputFiles[0].text);
      else if (url === '/encoder.onnx') response.end(files.graph);
      else if (url === '/encoder.safetensors') response.end(files.weights);
      else if (url.startsWith('/wasm/')) {
        response.end(await readFile(path.join(WASM_FILES, path.basename(url))));
      } else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    await new Promise(resolve => server.close(resolve));
  });

  const computesAsInNode = async (size: number) => {
    const { device, some } = await page.evaluate(([hashes, side]) => window.encode(hashes, side), [
      await wasmHashes(),
      size,
    ] as const);
    expect(device).toBe('wasm (1 thread)');
    const encoder = await createImageEncoderNode(files.graph, files.weights);
    const expected = (await encoder.encode(input(size))).filter((_, i) => i % STEP === 0);
    await encoder.dispose();
    expect(some.length).toBe(expected.length);
    const largest = some.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - expected[i])),
      0,
    );
    console.log(`Largest difference between wasm and Node: ${largest}`);
    expect(largest).toBeLessThan(1e-3);
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.2);
  };

  it('computes what it computes in Node', () => computesAsInNode(448), 120_000);
  // The same graph; it takes eight times as long.
  slowIt()(slow('computes it for 1024 pixels, too'), () => computesAsInNode(1024), 240_000);

  it('says so when there is a graph without its weights', async () => {
    expect(await page.evaluate(() => window.failure())).toEqual({
      code: 'backend-unusable',
      message: expect.stringContaining('could not start on wasm'),
    });
  }, 120_000);

  it.each([SCRIPT, BINARY])('refuses to run an altered %s', async file => {
    const hashes = { ...(await wasmHashes()), [file]: '0'.repeat(64) };
    expect(await page.evaluate(expected => window.failure(expected), hashes)).toEqual({
      code: 'plugin-altered',
      message: expect.stringContaining(`The plug-in file ${file} was altered`),
    });
  });
});
