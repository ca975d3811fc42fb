/**
 * `npm run test:highdicom`: creates a virtual environment with the highdicom version pinned below, which
 * then reads every SEG of the test matrix, and measurement reports. Needs a `python3` of 3.10 or later with `venv`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['highdicom==0.28.2', 'pydicom==3.0.2', 'numpy==2.4.6'];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const folder = path.join(root, '.cache', 'highdicom');
const python = path.join(folder, 'bin', 'python');

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command} cannot be started: ${error.message}.`);
  return status === 0;
}

const isReady =
  existsSync(python) &&
  spawnSync(python, [
    '-c',
    `import importlib.metadata as m; assert all(m.version(n) == v for n, v in (p.split('==') for p in ${JSON.stringify(PACKAGES)}))`,
  ]).status === 0;
if (!isReady) {
  const isMade =
    run('python3', ['-m', 'venv', '--clear', folder]) &&
    run(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  if (!isMade) {
    console.error(
      'highdicom could not be installed. Install python3 (3.10 or later) with venv (Debian: python3-venv), and check that the Python package registry can be reached.',
    );
    process.exit(1);
  }
}
process.exit(
  run('npx', ['jest', 'test/dicom/highdicom.test.ts', 'test/dicom/report.test.ts'], {
    HIGHDICOM_PYTHON: python,
  })
    ? 0
    : 1,
);
