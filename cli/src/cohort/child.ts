import { readFile } from 'node:fs/promises';
import { FewshotError } from 'fewshot-sam';
import { parseTask } from 'fewshot-sam/compute';
import { type LoadedModel, type Machinery, withModel } from '../commands/withModel';
import { archiveHeaders } from './credentials';
import { ArchiveError, DicomWeb } from './dicomweb';
import type { CohortRow, CohortSpec, CohortStudy, StudyFailure } from './rows';
import { type LoadedTask, segmentStudy } from './segmentStudy';
import { ArchiveStudies, type FolderStudy, FolderStudies } from './source';

/** The hidden command of a process that segments studies. */
export const COHORT_CHILD_COMMAND = 'cohort-child';

/** A study to segment, sent to the process. */
export interface StudyRequest {
  study: CohortStudy;
  spec: CohortSpec;
  /** Task files, by SHA-256. */
  taskFiles: Record<string, string>;
  /** Files of the study, where it comes from a folder. */
  folder?: FolderStudy;
  out?: string;
  work: string;
}

export type ChildMessage =
  { ready: { backend: string } } | { rows: CohortRow[] } | { failure: StudyFailure };

/** Gives a model to work with; `withModel`, or a stand-in for the encoder in a test of scale. */
export type WithModel = (
  machinery: Machinery,
  signal: AbortSignal,
  work: (loaded: LoadedModel) => Promise<void>,
) => Promise<void>;

const realModel: WithModel = (machinery, signal, work) =>
  withModel(machinery, () => undefined, signal, work);

/** Child side of `StudyPool`: loads the model once, then segments one study at a time. */
export async function runCohortChild(loadModel: WithModel = realModel): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  // Ctrl-C reaches every process of the terminal; the parent decides and disconnects.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.once('disconnect', () => {
    controller.abort();
    // Ends even if some work cannot be cancelled.
    setTimeout(() => process.exit(1), 5000).unref();
  });
  const requests = new Requests();
  const machinery = (await requests.next()) as unknown as Machinery;
  try {
    await loadModel(machinery, signal, async loaded => {
      const { device } = loaded.parts.encoder;
      send({ ready: { backend: `encoder on ${device}, decoder on ${loaded.backend}` } });
      const tasks = new Map<string, LoadedTask>();
      for (;;) {
        const request = await requests.next();
        if (!request || signal.aborted) return;
        send(await outcomeOf(request, loaded, tasks, signal));
      }
    });
  } catch (error) {
    if (!signal.aborted) send({ failure: failureOf(error) });
  }
  if (process.connected) process.disconnect();
}

function send(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

/** Messages of the parent, in their order; null once it is gone. */
class Requests {
  private readonly waiting: (StudyRequest | null)[] = [];
  private take: ((request: StudyRequest | null) => void) | null = null;

  constructor() {
    const push = (request: StudyRequest | null) => {
      const { take } = this;
      this.take = null;
      if (take) take(request);
      else this.waiting.push(request);
    };
    process.on('message', request => push(request as StudyRequest));
    process.once('disconnect', () => push(null));
  }

  next(): Promise<StudyRequest | null> {
    if (this.waiting.length > 0) return Promise.resolve(this.waiting.shift()!);
    return new Promise(resolve => (this.take = resolve));
  }
}

async function outcomeOf(
  { study, spec, taskFiles, folder, out, work }: StudyRequest,
  loaded: LoadedModel,
  known: Map<string, LoadedTask>,
  signal: AbortSignal,
): Promise<ChildMessage> {
  try {
    const tasks: LoadedTask[] = [];
    for (const { sha256, name } of spec.tasks) {
      let task = known.get(sha256);
      if (!task) {
        const file = await readFile(taskFiles[sha256]);
        task = { sha256, name, task: parseTask(file, loaded.parts.weights) };
        known.set(sha256, task);
      }
      tasks.push(task);
    }
    // Tasks of earlier cohorts take memory.
    for (const sha256 of known.keys()) if (!(sha256 in taskFiles)) known.delete(sha256);
    const archive =
      spec.dicomweb === undefined ? undefined : new DicomWeb(spec.dicomweb, archiveHeaders());
    const source = folder ? new FolderStudies(folder) : new ArchiveStudies(archive!);
    const tools = { spec, tasks, loaded, source, archive, out, work };
    return { rows: await segmentStudy(study, tools, signal) };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function failureOf(error: unknown): StudyFailure {
  if (error instanceof ArchiveError) {
    return { kind: 'archive', message: error.message, isTransient: error.isTransient };
  }
  if (error instanceof FewshotError) {
    return { kind: 'program', message: `${error.message} ${error.remedy}`, isTransient: false };
  }
  // Errors of the system may name paths; ITK-Wasm throws numbers.
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const message =
    error instanceof Error ? (code ?? `${error.name}: ${error.message}`) : String(error);
  return { kind: 'program', message: `Unexpected error: ${message}`, isTransient: false };
}
