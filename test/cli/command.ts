import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Tests and benchmarks run at the root. */
const root = process.cwd();
const bin = path.join(root, 'cli/bin/fewshot-sam.mjs');

/** Real volumes; not part of the repository. */
export const DATA = path.resolve(root, '../shared/data');

/** What the tests of the command cannot do without, and how to get it; null when all is there. */
export function missing(...needs: ('command' | 'model' | 'data')[]): string | null {
  const places = {
    command: [path.join(root, 'cli/dist/cli.mjs'), 'the command is not built (npm run build)'],
    model: [
      path.join(root, 'public/models/mobile-sam/decoder.safetensors'),
      'the model is not prepared (npm run setup)',
    ],
    data: [DATA, '../shared/data is not there'],
  };
  for (const need of needs) {
    const [place, reason] = places[need];
    if (!existsSync(place)) return reason;
  }
  return null;
}

/** `describe`, or `describe.skip` with the reason in the test's name and on the console. */
export function describeWith(needs: Parameters<typeof missing>, name: string, body: () => void) {
  const reason = missing(...needs);
  if (reason === null) return describe(name, body);
  console.warn(`${name}: skipped, ${reason}.`);
  return describe.skip(`${name} (skipped: ${reason})`, body);
}

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the built `fewshot-sam` as a user would.
 *
 * @param onStderr called with everything written to the standard error so far
 */
export function fewshotSam(
  args: readonly string[],
  onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args]);
    const finished: Finished = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', chunk => (finished.stdout += chunk));
    child.stderr.on('data', chunk => {
      finished.stderr += chunk;
      onStderr?.(finished.stderr, signal => child.kill(signal));
    });
    child.on('error', reject);
    child.on('close', code => resolve({ ...finished, code }));
  });
}
