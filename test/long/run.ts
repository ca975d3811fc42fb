/**
 * `npm run test:memory [-- --runs 20]`, `npm run test:monkey [-- --minutes 30 --seed 7]`, `npm run
 * test:gpu-loss`, `npm run test:loads`: the real viewer in long use, or under a load. Without a seed another one is taken each time; it is printed.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20' },
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const [name] = positionals;
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
    ...['test', `${name}.spec.ts`, '-c', 'playwright.long.config.ts', '--reporter=list,json'],
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PLAYWRIGHT_JSON_OUTPUT_NAME: path.join(root, '.cache', 'test-reports', `long-${name}.json`),
      TEST_RUNS: values.runs,
      TEST_MINUTES: values.minutes,
      TEST_SEED: values.seed,
    },
  },
);
process.exitCode = status ?? 1;
