import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTask } from './benchProcess';
import type { ReadTask } from './benchTask';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-process-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const task: ReadTask = { kind: 'read', study: { image: 'i', labels: 'l' }, label: [1] };
const never = new AbortController().signal;
const nothing = () => undefined;

/** A stand-in for the command, which ends as no test can make the real one end. */
async function program(name: string, source: string): Promise<string> {
  const file = path.join(folder, `${name}.mjs`);
  await writeFile(file, source);
  return file;
}

describe('runTask', () => {
  it('hands the task over, passes progress on, and returns the result with its typed arrays', async () => {
    const file = await program(
      'echo',
      `process.once('message', task => {
        process.send({ progress: { phase: 'fit', done: 1, total: 2, etaSeconds: null } });
        process.send({ volumes: { command: process.argv[2], task, data: Float32Array.of(1, 2) } },
          () => process.disconnect());
      });`,
    );
    const seen: number[] = [];
    const result = await runTask(file, task, ({ done }) => seen.push(done), never);
    expect(result).toEqual({
      volumes: { command: 'bench-child', task, data: Float32Array.of(1, 2) },
    });
    expect(seen).toEqual([1]);
  });

  it('makes a failure of a crash, with how it ended and what it said last', async () => {
    const killed = await program('killed', `process.kill(process.pid, 'SIGKILL')`);
    expect(await runTask(killed, task, nothing, never)).toMatchObject({
      failure: {
        code: null,
        isOfSuite: false,
        message: expect.stringContaining('SIGKILL (out of memory?)'),
      },
    });
    const threw = await program('threw', `console.error('Aborted(OOM)'); process.exit(7)`);
    expect(await runTask(threw, task, nothing, never)).toMatchObject({
      failure: { message: 'The process ended with exit code 7: Aborted(OOM).' },
    });
  });

  it('ends a process that is deaf within a second of a cancellation', async () => {
    const file = await program(
      'deaf',
      `process.send({ progress: { phase: 'fit', done: 0, total: 1, etaSeconds: null } }, () => { for (;;); });`,
    );
    const controller = new AbortController();
    let stopped = 0;
    const result = runTask(
      file,
      task,
      () => {
        stopped = Date.now();
        controller.abort();
      },
      controller.signal,
    );
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(Date.now() - stopped).toBeLessThan(1000);
  });

  it('starts nothing when it is cancelled already', async () => {
    const file = await program('unused', '');
    await expect(runTask(file, task, nothing, AbortSignal.abort())).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
