/**
 * `npm run bench:bundle [-- --out FOLDER]`: packs the benchmark of `program.ts` with everything that it
 * needs (Node itself, WebGPU, the model, the kernels) into a folder and an archive. On another Linux
 * machine with the same processor architecture: unpack it, then `./run`.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';
import { ROOT } from '../devSuite';

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);

const { values } = parseArgs({
  options: { out: { type: 'string', default: path.join(ROOT, '.cache', 'bench-bundle') } },
});
const out = path.resolve(values.out);
const kernels = path.join(ROOT, 'engine', 'dist');
const model = path.join(ROOT, 'public', 'models', 'mobile-sam');
for (const folder of [kernels, model]) {
  if (!existsSync(folder))
    throw new Error(`${folder} is missing: run npm run setup and build first`);
}
await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, 'wasm'), { recursive: true });

for (const file of await readdir(kernels)) {
  if (/^fewshot-(kernels.*\.wasm|thread\.mjs)$/.test(file)) {
    await cp(path.join(kernels, file), path.join(out, 'wasm', file));
  }
}
const onnxruntime = path.dirname(resolve('onnxruntime-web'));
for (const end of ['mjs', 'wasm']) {
  const file = `ort-wasm-simd-threaded.asyncify.${end}`;
  await cp(path.join(onnxruntime, file), path.join(out, 'wasm', file));
}
await cp(model, path.join(out, 'model'), { recursive: true });

const webgpu = path.dirname(resolve('webgpu'));
const addon = path.join('dist', `${process.platform}-${process.arch}`);
for (const part of ['index.js', 'package.json', 'LICENSE.md', addon]) {
  const to = path.join(out, 'node_modules', 'webgpu', part);
  await cp(path.join(webgpu, part), to, { recursive: true });
}
await cp(process.execPath, path.join(out, 'node'));
// A driver is often installed without the library that finds it.
const loader = ['/usr/lib/chromium/libvulkan.so.1', '/usr/lib/x86_64-linux-gnu/libvulkan.so.1'];
for (const file of loader.filter(existsSync).slice(0, 1)) {
  await cp(file, path.join(out, 'libvulkan.so.1'), { dereference: true });
}

await build({
  entryPoints: [path.join(ROOT, 'test/bench/portable/program.ts')],
  outfile: path.join(out, 'program.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: ['webgpu'],
  alias: { 'fewshot-sam': path.join(ROOT, 'engine/src') },
  logLevel: 'warning',
});
const revision = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT }).catch(
  () => null,
);
await writeFile(path.join(out, 'BUILD'), `${revision?.stdout.trim() ?? 'unknown'}\n`);
const script = path.join(out, 'run');
await writeFile(script, '#!/bin/sh\ncd "$(dirname "$0")" && exec ./node program.mjs "$@"\n');
await chmod(script, 0o755);

// Use xz: gzip is a fifth larger.
const archive = `${out}.tar.xz`;
await run('tar', ['-cJf', archive, '-C', path.dirname(out), path.basename(out)]);
const megabytes = ((await stat(archive)).size / 2 ** 20).toFixed(0);
console.log(`${out}\n${archive} (${megabytes} MB): unpack it there, then ./run`);
