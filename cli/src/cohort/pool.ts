import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { FewshotError } from 'fewshot-sam';
import type { Installation } from '../commands/segment';
import { type Machinery, modelFolder } from '../commands/withModel';
import { type ChildMessage, COHORT_CHILD_COMMAND, type StudyRequest } from './child';
import type { CohortRow, StudyFailure } from './rows';
import { isAlive } from './state';

/** Time for processes to end by themselves after a cancellation, ms. */
const GRACE_MS = 3000;
/** Memory of one process with its model and a study, bytes. */
const MEMORY_EACH = 1.5 * 2 ** 30;
const STDERR_TAIL = 400;

export type StudyOutcome = { rows: CohortRow[] } | { failure: StudyFailure } | { cancelled: true };

/** The program that is run as a process: this command, or a stand-in in a test of scale. */
export interface ChildProgram {
  program: string;
  args?: readonly string[];
  execArgv?: readonly string[];
}

/** How many studies at a time: one per core, as far as memory allows. */
export function defaultConcurrency(): number {
  const byMemory = Math.floor((totalmem() * 0.8) / MEMORY_EACH);
  return Math.max(1, Math.min(availableParallelism(), byMemory));
}

/** Files that each of several processes computes with. */
export function machineryOf(
  installation: Installation,
  { model, cache }: { model?: string; cache?: string },
  concurrency: number,
): Machinery {
  return {
    model: modelFolder(model, installation),
    wasmPath: installation.wasmPath,
    kernels: installation.kernels,
    cache: cache ?? 'none',
    // Several studies at a time use the cores better than several threads of one.
    ...(concurrency > 1 && { threads: 1 }),
  };
}

/**
 * Processes that segment one study at a time each. The work blocks a process for seconds; this one stays
 * free to renew locks and to stop.
 */
export class StudyPool {
  private readonly idle: Child[] = [];
  private readonly all = new Set<Child>();
  private isClosed = false;

  /**
   * @param onBackend called with what a new process computes with
   */
  constructor(
    private readonly program: ChildProgram,
    private readonly machinery: Machinery,
    private readonly onBackend: (backend: string) => void = () => undefined,
  ) {}

  /**
   * Starts a process, and waits until it has loaded its model. Call it before any study is taken: without a
   * model every one would fail.
   *
   * @throws FewshotError `backend-unusable`
   */
  async warmUp(): Promise<void> {
    const child = this.start();
    const failure = await child.ready;
    if (failure && !this.isClosed) {
      throw new FewshotError(
        'backend-unusable',
        `No study can be segmented: ${failure.message}`,
        'Run `fewshot-sam apply` on one study to see what is missing.',
      );
    }
    this.idle.push(child);
  }

  /** Segments a study in a process of its own. Call it for as many studies at a time as wanted. */
  async run(request: StudyRequest): Promise<StudyOutcome> {
    if (this.isClosed) return { cancelled: true };
    let child = this.idle.pop();
    while (child?.hasEnded) child = this.idle.pop();
    child ??= this.start();
    const outcome = await child.run(request);
    if (this.isClosed) return { cancelled: true };
    if (child.hasEnded) this.all.delete(child);
    else this.idle.push(child);
    return outcome;
  }

  /** Stops all work, and waits until all processes have ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.all].map(child => child.stop()));
  }

  private start(): Child {
    const child = new Child(this.program, this.machinery, this.onBackend);
    this.all.add(child);
    return child;
  }
}

class Child {
  hasEnded = false;
  private readonly process: ChildProcess;
  private readonly ended: Promise<void>;
  /** Why the process cannot work; null once it can. */
  readonly ready: Promise<StudyFailure | null>;
  private settle: ((outcome: StudyOutcome) => void) | null = null;
  private stderr = '';

  constructor(
    { program, args = [COHORT_CHILD_COMMAND], execArgv = [] }: ChildProgram,
    machinery: Machinery,
    onBackend: (backend: string) => void,
  ) {
    this.process = fork(program, [...args], {
      serialization: 'advanced',
      execArgv: [...execArgv],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.process.stderr?.on('data', chunk => {
      this.stderr = (this.stderr + chunk).slice(-STDERR_TAIL);
    });
    let begin: (failure: StudyFailure | null) => void = () => undefined;
    this.ready = new Promise(resolve => (begin = resolve));
    this.process.on('message', (message: ChildMessage) => {
      if ('ready' in message) {
        onBackend(message.ready.backend);
        begin(null);
      } else {
        if ('failure' in message) begin(message.failure);
        this.done(message);
      }
    });
    this.ended = new Promise(resolve => {
      const end = (how: string) => {
        this.hasEnded = true;
        begin(this.crash(how));
        this.done({ failure: this.crash(how) });
        resolve();
      };
      this.process.once('error', error => end(error.message));
      this.process.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    this.process.send(machinery, () => undefined);
  }

  run(request: StudyRequest): Promise<StudyOutcome> {
    return new Promise(resolve => {
      if (this.hasEnded) return resolve({ failure: this.crash('its end') });
      this.settle = resolve;
      // Ignore errors: 'exit' reports them.
      this.process.send(request, () => undefined);
    });
  }

  async stop(): Promise<void> {
    if (this.hasEnded) return;
    if (this.process.connected) this.process.disconnect();
    const killer = setTimeout(() => this.process.kill('SIGKILL'), GRACE_MS);
    await this.ended;
    clearTimeout(killer);
  }

  private done(outcome: StudyOutcome): void {
    const { settle } = this;
    this.settle = null;
    settle?.(outcome);
  }

  private crash(how: string): StudyFailure {
    const said = this.stderr.trim().split('\n').at(-1);
    const hint = how === 'SIGKILL' ? ' (out of memory?)' : '';
    return {
      kind: 'crash',
      message: `The process ended with ${how}${hint}${said ? `: ${said}` : ''}.`,
      isTransient: true,
    };
  }
}

/**
 * Makes a folder of this process for temporary files, and removes those of processes that were killed:
 * they hold patients' images.
 *
 * @param parent folder of these folders
 * @param prefix of their names, before the process id
 */
export function workFolder(parent: string, prefix: string): { folder: string; remove(): void } {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (!Number.isInteger(pid) || (pid !== process.pid && isAlive(pid))) continue;
    try {
      rmSync(path.join(parent, name), { recursive: true, force: true });
    } catch {
      // Of another user.
    }
  }
  const folder = path.join(parent, `${prefix}${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
