import { createHash } from 'node:crypto';
import { FewshotError, printable } from 'fewshot-sam';
import { parseSafetensors } from 'fewshot-sam/compute';
import { readTaskFile } from '../commands/apply';
import type { CohortApplyArguments } from '../commands/cohortArguments';
import type { StudyQuery } from './query';
import type { CohortSpec, CohortTask } from './rows';

/** Task files by the SHA-256 of their bytes. */
export type TaskFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Reads task files; those given twice once.
 *
 * @throws FewshotError `bad-input` when one cannot be read or is no task
 */
export async function readTasks(
  paths: readonly string[],
): Promise<{ tasks: CohortTask[]; files: TaskFiles }> {
  const files = new Map<string, Uint8Array>();
  const tasks: CohortTask[] = [];
  for (const file of paths) {
    const bytes = await readTaskFile(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (files.has(sha256)) continue;
    files.set(sha256, bytes);
    tasks.push({ sha256, name: nameOf(bytes, file) });
  }
  return { tasks, files };
}

/** Name of a task's structure. All else is checked where the model is loaded. */
function nameOf(bytes: Uint8Array, file: string): string {
  try {
    const { name } = JSON.parse(String(parseSafetensors(bytes).metadata.task)) as { name: unknown };
    if (typeof name === 'string' && name.trim()) return name;
  } catch {
    // Reported below.
  }
  throw new FewshotError(
    'bad-input',
    `${printable(file)} is not a task file, or is cut off.`,
    'Give a .task file as it was exported, or learn the task again.',
  );
}

/** What is done to each study. Equal tasks and settings make equal ids: the same cohort, continued. */
export function specOf(
  args: CohortApplyArguments,
  query: StudyQuery,
  tasks: CohortTask[],
  version: string,
): CohortSpec {
  const { method, store, window, seg, modality, minSlices, maxSlices, dicomweb } = args;
  const spec = {
    version,
    tasks,
    ...(dicomweb !== undefined && { dicomweb }),
    store,
    ...(method && { method }),
    ...(window && { window }),
    ...(seg && { seg }),
    ...(modality && { modality }),
    minSlices,
    maxSlices,
    seriesFilters: query.series.map(({ keyword, values }) => ({
      keyword,
      value: values.join(','),
    })),
  };
  const id = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  return { id, ...spec };
}
