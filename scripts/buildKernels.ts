/**
 * Compiles engine/kernels/ to WebAssembly: for memory of one thread's own and for shared memory, each
 * with and without relaxed SIMD.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
  // Addresses are 32 bits wide here, and nothing but numbers goes in or out.
  ...['--disableWarning', '201', '--disableWarning', '112'],
];

/**
 * @returns file name -> SHA-256
 * @throws Error with the compiler's words
 */
export async function buildKernels(folder: string): Promise<Record<string, string>> {
  const files = await Promise.all(
    KERNEL_FLAVOURS.map(async flavour => [
      kernelFileName(flavour),
      await compile(flavour, path.join(folder, kernelFileName(flavour))),
    ]),
  );
  return Object.fromEntries(files);
}

async function compile({ shared, relaxed }: KernelFlavour, out: string): Promise<string> {
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
  return createHash('sha256')
    .update(await readFile(out))
    .digest('hex');
}
