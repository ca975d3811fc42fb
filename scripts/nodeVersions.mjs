/**
 * `npm run test:node`: the command line's tests under each Node that the README recommends. The binaries
 * come from the per-platform packages behind npm's `node`, which avoids the install script of `node`. They
 * are cached in .cache/node/.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = ['22.23.3', '24.21.0'];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const isWindows = process.platform === 'win32';
const PACKAGE = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;

/** @returns the program's path, or null when it could not be installed */
function nodeOf(version) {
  const folder = path.join(root, '.cache', 'node', version);
  const program = path.join(
    folder,
    'node_modules',
    PACKAGE,
    'bin',
    isWindows ? 'node.exe' : 'node',
  );
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    // So that npm does not find ours.
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
    spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-save', `${PACKAGE}@${version}`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: isWindows,
    });
  }
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${version}` ? program : null;
}

for (const version of VERSIONS) {
  const program = nodeOf(version);
  if (!program) {
    console.error(
      `Node ${version} could not be installed. Check that the npm registry can be reached.`,
    );
    process.exitCode = 1;
    continue;
  }
  console.log(`\n== The command line on Node ${version}`);
  // The tests run the command with the Node that runs the tests.
  const { status } = spawnSync(program, [jest, 'test/cli'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
