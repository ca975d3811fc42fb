/**
 * `npm run test:nightly`: the property tests on many more cases than `npm test` tries; how many, says
 * FEWSHOT_CASES (10 000 by default).
 */
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['jest', 'test/property'], {
  stdio: 'inherit',
  env: { ...process.env, FEWSHOT_CASES: process.env.FEWSHOT_CASES ?? '10000' },
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
