/**
 * Bundles everything that runs from one folder: dist/plugins/fewshot/ (what a viewer loads) and
 * engine/dist/cli.mjs (the `fewshot-sam` command).
 */
import { build, type BuildOptions } from 'esbuild';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels, KERNEL_FILES } from './buildKernels';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const plugins = path.join(root, 'dist', 'plugins', 'fewshot');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

const common: BuildOptions = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  legalComments: 'linked',
  define: { 'process.env.NODE_ENV': '"production"', FEWSHOT_SAM_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

/** Folder of an installed package, wherever npm hoisted it. */
function packageFolder(name: string, from = root): string {
  const resolved = createRequire(path.join(from, 'package.json')).resolve(name);
  const marker = `${path.sep}node_modules${path.sep}${name.split('/').join(path.sep)}${path.sep}`;
  return resolved.slice(0, resolved.lastIndexOf(marker) + marker.length);
}

await rm(plugins, { recursive: true, force: true });
const wasm = path.join(plugins, 'wasm');
await mkdir(wasm, { recursive: true });
const command = path.join(root, 'engine', 'dist');
await mkdir(command, { recursive: true });

const [single, shared] = await buildKernels(command);
for (const file of KERNEL_FILES) await cp(path.join(command, file), path.join(wasm, file));

await build({
  ...common,
  platform: 'browser',
  entryPoints: {
    extension: path.join(root, 'extensions/fewshot-sam/src/index.ts'),
    mode: path.join(root, 'modes/fewshot-segmentation/src/index.ts'),
  },
  outdir: plugins,
});

await build({
  ...common,
  platform: 'browser',
  entryPoints: { worker: path.join(root, 'extensions/fewshot-sam/src/worker/worker.ts') },
  define: { ...common.define, FEWSHOT_KERNEL_HASHES: JSON.stringify({ single, shared }) },
  outdir: plugins,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // Node's own modules are reached only on Node's side of a run-time check in these libraries.
  external: [
    'node:*',
    'fs',
    'path',
    'os',
    'crypto',
    'worker_threads',
    'perf_hooks',
    'util',
    'string_decoder',
  ],
});

const onnxruntime = path.join(packageFolder('onnxruntime-web', path.join(root, 'engine')), 'dist');
for (const file of [
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.mjs',
  'ort-wasm-simd-threaded.asyncify.wasm',
  'ort-wasm-simd-threaded.asyncify.mjs',
]) {
  await cp(path.join(onnxruntime, file), path.join(wasm, file));
}
const tfjs = path.join(
  packageFolder('@tensorflow/tfjs-backend-wasm', path.join(root, 'engine')),
  'dist',
);
for (const file of [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
]) {
  await cp(path.join(tfjs, file), path.join(wasm, file));
}

await build({
  ...common,
  platform: 'node',
  target: 'node20',
  entryPoints: {
    cli: path.join(root, 'engine/src/cli/main.ts'),
    'fewshot-thread': path.join(root, 'engine/src/program/wasm/thread.ts'),
  },
  outdir: command,
  outExtension: { '.js': '.mjs' },
  packages: 'external',
  // Our own packages are TypeScript: bundled, not left to Node.
  alias: {
    'fewshot-sam': path.join(root, 'engine/src'),
    'fewshot-sam-dicom': path.join(root, 'dicom-seg/src'),
  },
});

await build({
  ...common,
  platform: 'browser',
  entryPoints: { 'fewshot-thread': path.join(root, 'engine/src/program/wasm/thread.ts') },
  outdir: wasm,
  external: ['node:*'],
});
