import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './devSuite';

/** Runs `fewshot-sam bench` with one method; rows that the file has are kept. */
export function runBench(
  suite: string,
  json: string,
  method: string,
  only: string,
  cache?: string,
): Promise<void> {
  const command = path.join(ROOT, 'cli', 'bin', 'fewshot-sam.mjs');
  const args = ['bench', '--suite', suite, '--json', json, '--methods', method, '--only', only];
  const child = spawn(process.execPath, [command, ...args, ...(cache ? ['--cache', cache] : [])], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve() : reject(new Error(`The benchmark of ${method} ended with ${code}.`)),
    );
  });
}
