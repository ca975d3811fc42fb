import { FewshotError, type FewshotErrorCode, type Progress } from 'fewshot-sam';
import {
  readStudy,
  segmentCase,
  SuiteError,
  type BenchTask,
  type Figures,
  type StudyVolumes,
} from './benchTask';

/** Messages from the process of a task: progress, then one result or failure. */
export type TaskMessage =
  | { progress: Progress }
  | { volumes: StudyVolumes }
  | { figures: Figures }
  | { failure: TaskFailure };

export interface TaskFailure {
  /** Null for unexpected errors. */
  code: FewshotErrorCode | null;
  message: string;
  remedy: string;
  /** Whether the case is invalid, rather than the method failing. */
  isOfSuite: boolean;
}

/** Child side of `runTask`: waits for one task, reports its result, and ends the process. */
export async function runChild(): Promise<void> {
  const controller = new AbortController();
  // Ctrl-C reaches every process of the terminal; let the parent decide and disconnect.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => controller.abort());
  const task = await new Promise<BenchTask>(resolve => process.once('message', resolve));
  const message = await outcome(task, controller.signal);
  if (!process.connected) return;
  await new Promise<void>(resolve => process.send?.(message, () => resolve()));
  process.disconnect();
}

async function outcome(task: BenchTask, signal: AbortSignal): Promise<TaskMessage> {
  const send = (message: TaskMessage) => process.connected && process.send?.(message);
  try {
    if (task.kind === 'read') return { volumes: await readStudy(task.study, '', task.label) };
    return { figures: await segmentCase(task, progress => send({ progress }), signal) };
  } catch (error) {
    return { failure: describeFailure(error, task) };
  }
}

function describeFailure(error: unknown, task: BenchTask): TaskFailure {
  if (error instanceof FewshotError) {
    const { code, message, remedy } = error;
    return {
      code,
      message,
      remedy,
      isOfSuite: task.kind === 'read' || error instanceof SuiteError,
    };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: null,
    message: `Unexpected error: ${message}`,
    remedy: 'Please report it.',
    isOfSuite: false,
  };
}
