import { FewshotError, renameTask, type TaskMetadata } from 'fewshot-sam';
import type { NewTask } from './library';
import { freeName } from './taskName';

/** Largest size of a task file. */
const MOST_BYTES = 200e6;
const COLOR: NewTask['color'] = [221, 84, 84];

/**
 * Reads and checks a task file.
 *
 * @param read parses it and checks it against the model
 * @param taken names of other tasks
 * @throws FewshotError that names the file and the problem
 */
export async function importTask(
  file: File,
  read: (bytes: Uint8Array) => Promise<TaskMetadata>,
  taken: readonly string[],
): Promise<NewTask> {
  if (file.size > MOST_BYTES) {
    throw new FewshotError(
      'bad-input',
      `“${file.name}” is too large to be a task file (${Math.round(file.size / 1e6)} MB).`,
      'Choose a file that ends in .task.',
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  let metadata: TaskMetadata;
  try {
    metadata = await read(bytes);
  } catch (error) {
    if (!(error instanceof FewshotError) || error.code !== 'bad-input') throw error;
    throw new FewshotError('bad-input', `“${file.name}”: ${error.message}`, error.remedy);
  }
  const name = freeName(metadata.name, taken);
  return {
    metadata: { ...metadata, name },
    task: name === metadata.name ? bytes : renameTask(bytes, name),
    examples: null,
    silhouette: null,
    color: COLOR,
  };
}
