/** `npm run test:slow`: the tests that `npm test` skips because they take too long, see test/slow.ts. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// Files that import test/slow.ts, wherever they move.
const { status } = spawnSync(
  process.execPath,
  [jest, '-i', '-t', '\\(slow\\)$', '--findRelatedTests', 'test/slow.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TEST_SLOW: '1' } },
);
process.exit(status ?? 1);
