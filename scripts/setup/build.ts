import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Paths } from './paths';
import { UserError } from './userError';

/** Everything that scripts/build.ts reads, and what it writes last. */
const SOURCES = [
  ...['engine/src', 'engine/kernels', 'dicom', 'cli', 'extensions', 'modes'],
  ...['build.ts', 'buildKernels.ts', 'bundleSizes.ts', 'fileHashes.ts'].map(
    file => `scripts/${file}`,
  ),
  'package-lock.json',
];
const OUTPUTS = ['extension.js', 'mode.js', 'worker.js', 'dicom-seg.js', 'panel.js'];

/** Whether a source file or folder is newer than the last complete build. */
export async function isBuildStale({ root, plugins }: Paths): Promise<boolean> {
  const outputs = OUTPUTS.map(file => path.join(plugins, file));
  outputs.push(path.join(root, 'cli', 'dist', 'cli.mjs'));
  const built = await Promise.all(outputs.map(modified));
  if (built.includes(0)) return true;
  const sources = await Promise.all(SOURCES.map(source => newest(path.join(root, source))));
  // The command-line bundle is written last; if it is older, a build was interrupted.
  return Math.max(...sources) > Math.min(...built);
}

/**
 * Runs scripts/build.ts.
 *
 * @throws UserError with the first error of the bundler
 */
export async function build({ root }: Paths): Promise<void> {
  const script = path.join(root, 'scripts', 'build.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], { cwd: root });
  let output = '';
  child.stdout.on('data', chunk => (output += chunk));
  child.stderr.on('data', chunk => (output += chunk));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  const first = output.split('\n').find(line => /error/i.test(line)) ?? `exit code ${code}`;
  throw new UserError(
    `The build failed: ${first.replace(/^.*?error\]?:?\s*/i, '').trim()}.`,
    'Run `npm run build` to see all of it.',
  );
}

async function modified(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.mtimeMs ?? 0;
}

/**
 * Returns the latest change in a file, or in a folder and below; folders count, because files may have been
 * deleted.
 */
async function newest(place: string): Promise<number> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  const inside = entries
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .map(entry => {
      const child = path.join(place, entry.name);
      return entry.isDirectory() ? newest(child) : modified(child);
    });
  // A workspace's own folder changes with each build, because it contains dist.
  const own = entries.some(({ name }) => name === 'dist') ? 0 : await modified(place);
  return Math.max(own, ...(await Promise.all(inside)));
}
