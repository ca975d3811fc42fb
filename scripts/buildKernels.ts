/**
 * Compiles engine/kernels/ to WebAssembly: for single-thread and for shared memory, each with and without
 * relaxed SIMD.
 */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  KERNEL_FLAVOURS,
  kernelFileName,
  type KernelFlavour,
} from '../engine/src/program/wasm/kernelFile';

const kernels = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../engine/kernels');
const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');

const OPTIONS = [
  '-O3',
  '--noAssert',
  ...['--runtime', 'stub'],
  ...['--importMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
  // Both warnings do not apply: addresses are 32 bits wide, and only numbers go in and out.
  ...['--disableWarning', '201', '--disableWarning', '112'],
];

/**
 * Compiles all variants into a folder.
 *
 * @returns the names of the files
 * @throws Error with the compiler's message
 */
export async function buildKernels(folder: string): Promise<string[]> {
  await Promise.all(
    KERNEL_FLAVOURS.map(flavour => compile(flavour, path.join(folder, kernelFileName(flavour)))),
  );
  return KERNEL_FLAVOURS.map(kernelFileName);
}

async function compile({ shared, relaxed }: KernelFlavour, out: string): Promise<void> {
  const source = `index${shared ? 'Shared' : ''}${relaxed ? 'Relaxed' : ''}.ts`;
  await promisify(execFile)(
    process.execPath,
    [
      ...[compiler, source, '-o', path.relative(kernels, out), '--baseDir', kernels],
      ...OPTIONS,
      ...(shared ? ['--sharedMemory', '--enable', 'threads'] : []),
      ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
    ],
    { cwd: kernels },
  );
}
