import { fork } from 'node:child_process';
import { FewshotError, type OnProgress } from 'fewshot-sam';
import type { TaskFailure, TaskMessage } from './benchChild';
import type { BenchTask } from './benchTask';

/** The hidden command that runs one task for a parent process. */
export const CHILD_COMMAND = 'bench-child';

/** Time for a process to end by itself after a cancellation, ms. */
const GRACE_MS = 500;
const STDERR_TAIL = 400;

export type TaskResult = Exclude<TaskMessage, { progress: unknown }>;

/**
 * Runs a task in a separate process, so that its peak memory is the task's alone and a crash loses nothing
 * else.
 *
 * @param program file of the command
 * @returns the result; a crash counts as a failure
 * @throws FewshotError `cancelled`, at most half a second after the signal
 */
export async function runTask(
  program: string,
  task: BenchTask,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<TaskResult> {
  if (signal.aborted) throw cancelled();
  const child = fork(program, [CHILD_COMMAND], {
    // Transfer volumes by structured clone, not as JSON.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  let result: TaskResult | null = null;
  let killer: NodeJS.Timeout | undefined;
  const hangUp = () => {
    if (child.connected) child.disconnect();
    killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  };
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    const end = await new Promise<string>((resolve, reject) => {
      child.stderr?.on('data', chunk => (stderr = (stderr + chunk).slice(-STDERR_TAIL)));
      child.on('message', (message: TaskMessage) => {
        if ('progress' in message) onProgress(message.progress);
        else result = message;
      });
      child.on('error', reject);
      // 'close' waits for pending messages; after we disconnect, it never fires.
      child.on('close', (code, by) => resolve(by ?? `exit code ${code}`));
      child.on('exit', (code, by) => signal.aborted && resolve(by ?? `exit code ${code}`));
      // Ignore errors: if the process has ended already, 'close' reports it.
      child.send(task, () => undefined);
    });
    // SIGINT: Ctrl-C before the process was ready to ignore it.
    if (signal.aborted || end === 'SIGINT') throw cancelled();
    return result ?? { failure: crash(end, stderr) };
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', hangUp);
  }
}

function crash(end: string, stderr: string): TaskFailure {
  const said = stderr.trim().split('\n').at(-1);
  return {
    code: null,
    message: `The process ended with ${end}${end === 'SIGKILL' ? ' (out of memory?)' : ''}${said ? `: ${said}` : ''}.`,
    remedy: 'Try again with more memory free.',
    isOfSuite: false,
  };
}

function cancelled(): FewshotError {
  return new FewshotError(
    'cancelled',
    'Cancelled.',
    'Finished rows are kept; run the same command to continue.',
  );
}
