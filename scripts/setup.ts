/** `npm run setup`: prepares viewer, model and demo study. Quick when all exist. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathsIn } from './setup/paths';
import { setUp } from './setup/setUp';
import { describeFailure } from './setup/userError';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
try {
  await setUp(pathsIn(root), console.log);
  console.log('Viewer, model and demo study are ready.');
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
