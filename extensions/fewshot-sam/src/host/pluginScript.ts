import { FewshotError, PluginFiles } from 'fewshot-sam';

/** A script of the plug-in that loads on demand. */
export interface PluginScript<Module> {
  /** Name in the plug-in's folder, such as `panel.js`. */
  file: string;
  /** What it does, for messages: `which shows the panel`. */
  purpose: string;
  /** Hex SHA-256 of the file, set by the build; or an import of the source, for a viewer that bundles us itself. */
  from: string | (() => Promise<Module>);
}

/**
 * Returns a function that loads a script on its first call, after checking its SHA-256.
 *
 * @param folder of the plug-in: absolute URL, ending in a slash
 * @returns rejects with FewshotError `backend-unusable` or `plugin-altered`; the next call tries again
 */
export function scriptLoader<Module>(
  folder: string,
  script: PluginScript<Module>,
): () => Promise<Module> {
  return loadOnce(script, failures => importFrom(folder, script, failures));
}

/** @param importModule receives the number of failures so far */
export function loadOnce<Module>(
  { file, purpose }: Pick<PluginScript<Module>, 'file' | 'purpose'>,
  importModule: (failures: number) => Promise<Module>,
): () => Promise<Module> {
  let loading: Promise<Module> | null = null;
  let failures = 0;
  return () => {
    loading ??= importModule(failures).catch((error: unknown) => {
      loading = null;
      failures++;
      throw error instanceof FewshotError ? error : unusable(`${file}, ${purpose},`, error);
    });
    return loading;
  };
}

/** @param failures changes the URL, because browsers cache a failed import */
async function importFrom<Module>(
  folder: string,
  { file, from }: PluginScript<Module>,
  failures: number,
): Promise<Module> {
  if (typeof from !== 'string') return from();
  const url = await new PluginFiles(folder, { [file]: from }).url(file);
  return import(/* webpackIgnore: true */ /* @vite-ignore */ failures ? `${url}?${failures}` : url);
}

function unusable(script: string, cause: unknown): FewshotError {
  return new FewshotError(
    'backend-unusable',
    `The plug-in file ${script} could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Check the connection to the server, then try again.',
    { cause },
  );
}
