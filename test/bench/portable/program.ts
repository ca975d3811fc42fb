/**
 * The portable benchmark: `run [--slices 20,100] [--backends cpu,webgpu] [--software]` in the folder that
 * `npm run bench:bundle` makes.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { machineText } from '../../../cli/src/commands/machine';
import { measureBackends } from './measure';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '20,100' },
    backends: { type: 'string', default: 'cpu,webgpu' },
    software: { type: 'boolean', default: false },
  },
});
const sizes = values.slices.split(',').filter(Boolean).map(Number);
if (sizes.some(size => !Number.isInteger(size) || size < 6)) {
  throw new Error(`--slices ${values.slices}: give whole numbers of at least 6, e.g. 20,100`);
}
const build = await readFile(here('BUILD'), 'utf8').catch(() => 'not bundled');
console.log(`${new Date().toISOString().slice(0, 10)}, ${machineText()}; build ${build.trim()}`);
await measureBackends(
  { model: here('model'), kernels: here('wasm'), onnxruntime: here('wasm') },
  { sizes, backends: values.backends.split(','), software: values.software },
);
process.exit(0);
