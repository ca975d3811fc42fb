import { createReadStream } from 'node:fs';
import path from 'node:path';
import { FewshotError, throwIfCancelled } from '../platform/errors';
import { MODEL_REMEDY, type ReadModelFile } from './modelFiles';

/** Reads a model's files from a folder on disk. */
export function readModelFolder(folder: string): ReadModelFile {
  return async (file, onBytes, signal) => {
    const chunks: Buffer[] = [];
    let done = 0;
    try {
      for await (const chunk of createReadStream(path.join(folder, file), { signal })) {
        chunks.push(chunk as Buffer);
        done += (chunk as Buffer).length;
        onBytes(done);
      }
    } catch (error) {
      throwIfCancelled(signal);
      throw new FewshotError(
        'model-missing',
        `The model file ${path.join(folder, file)} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
        MODEL_REMEDY,
        { cause: error },
      );
    }
    return new Uint8Array(Buffer.concat(chunks));
  };
}
