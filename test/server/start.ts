import { spawn } from 'node:child_process';
import path from 'node:path';

export interface Running {
  url: string;
  /** What it has printed. */
  output: string;
  stop(): Promise<void>;
}

/** Runs `npm start`'s program as a user does, until it prints its URL or ends. */
function run(flags: string[]): Promise<Running | { code: number | null; output: string }> {
  const program = path.join(process.cwd(), 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [program, ...flags], { env: process.env });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  return new Promise(resolve => {
    let output = '';
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const [, url] = /Few-shot SAM for OHIF: (http\S+)\//.exec(output) ?? [];
      if (!url) return;
      resolve({
        url,
        output,
        stop: async () => {
          child.kill('SIGTERM');
          await ended;
        },
      });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void ended.then(code => resolve({ code, output }));
  });
}

/** @throws Error with what it printed when it does not come up */
export async function start(...flags: string[]): Promise<Running> {
  const result = await run(['--port', '0', ...flags]);
  if ('url' in result) return result;
  throw new Error(`npm start ended with ${result.code}: ${result.output}`);
}

/** @throws Error when it comes up although it should not */
export async function failToStart(
  ...flags: string[]
): Promise<{ code: number | null; lines: string[] }> {
  const result = await run(flags);
  if ('url' in result) {
    await result.stop();
    throw new Error('It came up.');
  }
  return { code: result.code, lines: result.output.trim().split('\n') };
}
