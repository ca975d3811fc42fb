/** Compiles engine/kernels/ to WebAssembly: once for memory of one thread's own, once for shared. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const kernels = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../engine/kernels');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');

const SINGLE = 'fewshot-kernels.wasm';
const SHARED = 'fewshot-kernels-shared.wasm';
export const KERNEL_FILES = [SINGLE, SHARED] as const;

const OPTIONS = [
  '-O3',
  '--noAssert',
  ...['--runtime', 'stub'],
  ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
  // Addresses are 32 bits wide here, and nothing but numbers goes in or out.
  ...['--disableWarning', '201', '--disableWarning', '112'],
];

/**
 * Puts `KERNEL_FILES` into a folder.
 *
 * @throws Error with the compiler's words
 */
export async function buildKernels(folder: string): Promise<void> {
  await Promise.all([
    compile('index.ts', path.join(folder, SINGLE), []),
    compile('indexShared.ts', path.join(folder, SHARED), [
      '--sharedMemory',
      ...['--enable', 'threads'],
    ]),
  ]);
}

async function compile(source: string, out: string, options: readonly string[]): Promise<void> {
  const files = [path.join(kernels, source), '-o', path.relative(kernels, out)];
  await promisify(execFile)(
    process.execPath,
    [compiler, ...files, ...OPTIONS, ...options, '--baseDir', kernels],
    { cwd: kernels },
  );
}
