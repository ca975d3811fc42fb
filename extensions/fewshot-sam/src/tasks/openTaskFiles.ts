import { IndexedDbFiles } from './indexedDbFiles';
import { OpfsFiles } from './opfsFiles';
import { MemoryFiles, type TaskFiles } from './taskFiles';

const NAME = 'fewshot-sam-tasks';

/** The best place that this browser has for tasks. */
export async function openTaskFiles(): Promise<TaskFiles> {
  return (await OpfsFiles.open(NAME)) ?? (await IndexedDbFiles.open(NAME)) ?? new MemoryFiles();
}
