import { FewshotError, renameTask, type TaskMetadata } from 'fewshot-sam';
import { encodeEntry, newId, parseEntry, type TaskEntry } from './entry';
import { IndexedDbFiles } from './indexedDbFiles';
import { OpfsFiles } from './opfsFiles';
import { MemoryFiles, type TaskFiles, type TaskPlace } from './taskFiles';

/** A task to save. */
export interface NewTask {
  metadata: TaskMetadata;
  color: TaskEntry['color'];
  silhouette: TaskEntry['silhouette'];
  /** Output of `encodeTask`. */
  task: Uint8Array;
  /** Output of `encodeExamples`; null if unknown. */
  examples: Uint8Array | null;
}

/** Three files per task. The entry is written last; without it the task does not exist. */
const taskFile = (id: string) => `${id}.task`;
const examplesFile = (id: string) => `${id}.examples`;
const entryFile = (id: string) => `${id}.json`;

/** Opens the library in the best storage of this browser. */
export async function openLibrary(): Promise<TaskLibrary> {
  const name = 'fewshot-sam-tasks';
  const files = (await OpfsFiles.open(name)) ?? (await IndexedDbFiles.open(name));
  return new TaskLibrary(files ?? new MemoryFiles());
}

/** The tasks that this browser keeps. */
export class TaskLibrary {
  constructor(
    private readonly files: TaskFiles,
    private readonly now: () => number = Date.now,
  ) {}

  get place(): TaskPlace {
    return this.files.place;
  }

  /** All readable entries, by name. */
  async entries(): Promise<TaskEntry[]> {
    const names = (await this.files.names()).filter(name => name.endsWith('.json'));
    const read = await Promise.all(names.map(name => this.files.read(name).catch(() => null)));
    return read
      .flatMap(bytes => (bytes && parseEntry(bytes)) || [])
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
  }

  /**
   * Saves a task.
   *
   * @throws FewshotError if the browser has no room
   */
  async add(task: NewTask): Promise<TaskEntry> {
    const id = newId();
    const entry: TaskEntry = {
      id,
      metadata: task.metadata,
      savedAt: this.now(),
      color: task.color,
      silhouette: task.silhouette,
      examplesBytes: task.examples?.length ?? 0,
    };
    try {
      if (task.examples) await this.files.write(examplesFile(id), task.examples);
      await this.files.write(taskFile(id), task.task);
      await this.files.write(entryFile(id), encodeEntry(entry));
    } catch (cause) {
      await this.remove(entry);
      throw noRoom(task, cause);
    }
    return entry;
  }

  /** @throws FewshotError if the task is gone, e.g. deleted in another tab */
  async task({ id, metadata }: TaskEntry): Promise<Uint8Array> {
    return (await this.files.read(taskFile(id))) ?? gone(metadata.name);
  }

  /** @throws FewshotError if the slices were never saved, or are gone */
  async examples({ id, metadata }: TaskEntry): Promise<Uint8Array> {
    return (await this.files.read(examplesFile(id))) ?? gone(metadata.name);
  }

  async rename(entry: TaskEntry, name: string): Promise<TaskEntry> {
    const task = renameTask(await this.task(entry), name);
    const renamed = { ...entry, metadata: { ...entry.metadata, name } };
    await this.files.write(taskFile(entry.id), task);
    await this.files.write(entryFile(entry.id), encodeEntry(renamed));
    return renamed;
  }

  async remove({ id }: TaskEntry): Promise<void> {
    await this.files.remove(entryFile(id));
    await this.files.remove(taskFile(id));
    await this.files.remove(examplesFile(id));
  }
}

function gone(name: string): never {
  throw new FewshotError(
    'bad-input',
    `The task “${name}” is no longer in this browser.`,
    'Import its file, or learn the structure again.',
  );
}

function noRoom({ metadata, task, examples }: NewTask, cause: unknown): FewshotError {
  const megabytes = Math.ceil((task.length + (examples?.length ?? 0)) / 1e6);
  return new FewshotError(
    'bad-input',
    `The browser could not save the task “${metadata.name}” (${megabytes} MB): ${(cause as Error).message}.`,
    'Delete tasks that are no longer needed, or free disk space, then try again.',
    { cause },
  );
}
