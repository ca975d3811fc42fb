import { concatBytes } from '../platform/bytes';
import { FewshotError, throwIfCancelled } from '../platform/errors';
import { MODEL_REMEDY, type ReadModelFile } from './modelFiles';

/**
 * Reads a model's files over HTTP.
 *
 * @param baseUrl absolute URL of the model's folder, ending in a slash
 */
export function fetchModelFolder(baseUrl: string): ReadModelFile {
  return async (file, onBytes, signal) => {
    const url = new URL(file, baseUrl).href;
    try {
      const response = await fetch(url, { signal });
      refuseOtherAnswers(url, response);
      return await readBody(response, onBytes);
    } catch (error) {
      throwIfCancelled(signal);
      if (error instanceof FewshotError) throw error;
      throw new FewshotError(
        'model-missing',
        `The model file ${url} could not be fetched: ${(error as Error).message}.`,
        'Check the connection to the server, then try again.',
        { cause: error },
      );
    }
  };
}

function refuseOtherAnswers(url: string, response: Response): void {
  if (!response.ok) {
    const isRefused = response.status === 401 || response.status === 403;
    throw new FewshotError(
      'model-missing',
      `The server answered ${response.status} for the model file ${url}.`,
      isRefused
        ? 'Sign in again, or ask your administrator for access to the models folder.'
        : `On the server: ${MODEL_REMEDY.charAt(0).toLowerCase()}${MODEL_REMEDY.slice(1)}`,
    );
  }
  // A viewer's server often answers unknown paths with its start page.
  if (/^text\/html/i.test(response.headers.get('content-type') ?? '')) {
    throw new FewshotError(
      'model-missing',
      `The server answered with a web page instead of the model file ${url}.`,
      'Check that the models folder is served where the plugin expects it, and that the model was prepared with `npm run setup`.',
    );
  }
}

async function readBody(response: Response, onBytes: (done: number) => void): Promise<Uint8Array> {
  if (!response.body) return new Uint8Array(await response.arrayBuffer());
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let done = 0;
  for (;;) {
    const next = await reader.read();
    if (next.done) break;
    chunks.push(next.value);
    done += next.value.length;
    onBytes(done);
  }
  return concatBytes(chunks);
}
