/**
 * Bundles the plug-in for viewers, dist/plugins/fewshot/, and the `fewshot-sam` command, cli/dist/cli.mjs.
 */
import { build, type BuildOptions } from 'esbuild';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildKernels } from './buildKernels';
import { describeBundles } from './bundleSizes';
import { FILE_LIST, fileHashes } from './fileHashes';

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

/** Returns the folder of an installed package, wherever npm hoisted it. */
function packageFolder(name: string, from = root): string {
  const resolved = createRequire(path.join(from, 'package.json')).resolve(name);
  const marker = `${path.sep}node_modules${path.sep}${name.split('/').join(path.sep)}${path.sep}`;
  return resolved.slice(0, resolved.lastIndexOf(marker) + marker.length);
}

await rm(plugins, { recursive: true, force: true });
const wasm = path.join(plugins, 'wasm');
await mkdir(wasm, { recursive: true });
const command = path.join(root, 'cli', 'dist');
await mkdir(command, { recursive: true });
const kernels = path.join(root, 'engine', 'dist');
await mkdir(kernels, { recursive: true });

for (const file of await buildKernels(kernels)) {
  for (const folder of [wasm, command]) await cp(path.join(kernels, file), path.join(folder, file));
}
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
  platform: 'browser',
  entryPoints: { 'fewshot-thread': path.join(root, 'engine/src/program/wasm/thread.ts') },
  outdir: wasm,
  external: ['node:*'],
});

// Each file checks the hash of the files that it loads, so build the files loaded last first.
await build({
  ...common,
  platform: 'browser',
  entryPoints: { worker: path.join(root, 'extensions/fewshot-sam/src/worker/worker.ts') },
  define: { ...common.define, FEWSHOT_WASM_HASHES: JSON.stringify(await fileHashes(wasm)) },
  outdir: plugins,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // These libraries import Node's modules only after a run-time check for Node.
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

await build({
  ...common,
  platform: 'browser',
  entryPoints: {
    'dicom-seg': path.join(root, 'extensions/fewshot-sam/src/dicom/dicomSeg.ts'),
    panel: path.join(root, 'extensions/fewshot-sam/src/panel/mountPanel.tsx'),
  },
  outdir: plugins,
});

const { 'dicom-seg.js': dicomSeg, 'panel.js': panel, ...hashes } = await fileHashes(plugins);
const scripts = Object.entries(hashes).filter(([name]) => /^(worker\.js$|chunks\/)/.test(name));
await build({
  ...common,
  platform: 'browser',
  entryPoints: {
    extension: path.join(root, 'extensions/fewshot-sam/src/index.ts'),
    mode: path.join(root, 'modes/fewshot-segmentation/src/index.ts'),
  },
  define: {
    ...common.define,
    FEWSHOT_SCRIPT_HASHES: JSON.stringify(Object.fromEntries(scripts)),
    FEWSHOT_DICOM_SEG_SHA256: JSON.stringify(dicomSeg),
    FEWSHOT_PANEL_SHA256: JSON.stringify(panel),
  },
  outdir: plugins,
});
console.log(await describeBundles(plugins));
// For `fewshot-sam doctor`: the files that must be on the web server.
await writeFile(
  path.join(plugins, FILE_LIST),
  `${JSON.stringify({ version, files: await fileHashes(plugins) }, null, 1)}\n`,
);

await build({
  ...common,
  platform: 'node',
  target: 'node20',
  entryPoints: {
    'cli/dist/cli': path.join(root, 'cli/src/main.ts'),
    'cli/dist/fewshot-thread': path.join(root, 'engine/src/program/wasm/thread.ts'),
    'engine/dist/fewshot-thread': path.join(root, 'engine/src/program/wasm/thread.ts'),
  },
  outdir: root,
  outExtension: { '.js': '.mjs' },
  packages: 'external',
  // Bundle our own packages: they are TypeScript.
  alias: {
    'fewshot-sam': path.join(root, 'engine/src'),
    'fewshot-sam-dicom': path.join(root, 'dicom/src'),
  },
});
