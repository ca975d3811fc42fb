/** TensorFlow.js on WebAssembly in a browser, from files that were checked. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { PLUGIN_POLICY } from '../../../scripts/server/headers';
import { CHROMIUM } from '../../../test/chromium';
import type { FileHashes } from '../platform/pluginFiles';

const withBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) console.warn('Backend in a browser: skipped, no Chromium found.');

const WASM_FILES = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));
const NAMES = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
];

const PROGRAM = `
  import { PluginFiles } from '../platform/pluginFiles';
  import { selectBackend } from './selectBackend';
  const wasmPath = location.origin + '/wasm/';
  window.start = hashes =>
    selectBackend({ prefer: 'wasm', wasmPath, files: new PluginFiles(wasmPath, hashes) }).catch(
      ({ code, message }) => ({ code, message }),
    );
`;

declare global {
  interface Window {
    start(hashes: FileHashes): Promise<object>;
  }
}

async function hashes(): Promise<Record<string, string>> {
  const entries = NAMES.map(async name => {
    const bytes = await readFile(path.join(WASM_FILES, name));
    return [name, createHash('sha256').update(bytes).digest('hex')];
  });
  return Object.fromEntries(await Promise.all(entries));
}

withBrowser('selectBackend in Chromium, under our policy', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: PROGRAM, resolveDir: __dirname, loader: 'js' },
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      external: ['fs', 'path', 'os', 'crypto', 'worker_threads', 'perf_hooks', 'util'],
    });
    server = createServer(async (request, response) => {
      const url = request.url!;
      response.setHeader('Content-Security-Policy', PLUGIN_POLICY);
      if (url === '/') {
        response.setHeader('Content-Type', 'text/html');
        response.end('<script type="module" src="/program.js"></script>');
      } else if (url === '/program.js') {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(outputFiles[0].text);
      } else if (url.startsWith('/wasm/')) {
        response.end(await readFile(path.join(WASM_FILES, path.basename(url))));
      } else response.writeHead(404).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await new Promise(resolve => server.close(resolve));
  });

  it.each(NAMES)('refuses an altered %s', async name => {
    const expected = { ...(await hashes()), [name]: '0'.repeat(64) };
    expect(await page.evaluate(wanted => window.start(wanted), expected)).toEqual({
      code: 'plugin-altered',
      message: expect.stringContaining(`The plug-in file ${name} was altered`),
    });
  });

  it('computes correctly on the files that were checked', async () => {
    expect(await page.evaluate(wanted => window.start(wanted), await hashes())).toEqual({
      name: 'wasm',
      description: 'wasm (1 thread)',
    });
  }, 60_000);
});
