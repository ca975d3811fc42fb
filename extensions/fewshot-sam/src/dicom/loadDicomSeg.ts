import { FewshotError, PluginFiles } from 'fewshot-sam';
import type * as dicomSeg from './dicomSeg';

/** SHA-256 of `dicom-seg.js`, set by the build. A viewer built from source makes its own chunk. */
declare const FEWSHOT_DICOM_SEG_SHA256: string | undefined;

const FILE = 'dicom-seg.js';

type DicomSegModule = typeof dicomSeg;

/** Functions that read and write DICOM SEG, see `dicomSeg.ts`. */
export type DicomSeg = Omit<DicomSegModule, 'FewshotError'>;

/**
 * Loads the DICOM SEG bundle on the first call.
 *
 * @throws FewshotError `backend-unusable` or `plugin-altered`; the next call tries again
 */
export type LoadDicomSeg = () => Promise<DicomSeg>;

/** @param folder of the plug-in: absolute URL, ending in a slash */
export function dicomSegLoader(folder: string): LoadDicomSeg {
  return loadOnce(attempt => importFrom(folder, attempt));
}

/** @param importModule receives the number of failures so far */
export function loadOnce(
  importModule: (failures: number) => Promise<DicomSegModule>,
): LoadDicomSeg {
  let loading: Promise<DicomSeg> | null = null;
  let failures = 0;
  return () => {
    loading ??= importModule(failures).then(withOurErrors, error => {
      loading = null;
      failures++;
      throw error instanceof FewshotError ? error : unusable(error);
    });
    return loading;
  };
}

/** @param failures changes the URL, because browsers cache a failed import */
async function importFrom(folder: string, failures: number): Promise<DicomSegModule> {
  if (typeof FEWSHOT_DICOM_SEG_SHA256 === 'undefined') return import('./dicomSeg');
  const files = new PluginFiles(folder, { [FILE]: FEWSHOT_DICOM_SEG_SHA256 });
  const url = await files.url(FILE);
  return import(/* webpackIgnore: true */ /* @vite-ignore */ failures ? `${url}?${failures}` : url);
}

function unusable(cause: unknown): FewshotError {
  return new FewshotError(
    'backend-unusable',
    `The plug-in file ${FILE}, which writes and reads DICOM SEG, could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Check the connection to the server, then try again.',
    { cause },
  );
}

/** Converts errors: the separate bundle has its own copy of FewshotError. */
function withOurErrors({ FewshotError: TheirError, ...functions }: DicomSegModule): DicomSeg {
  const rethrow = (error: unknown): never => {
    if (!(error instanceof TheirError)) throw error;
    throw new FewshotError(error.code, error.message, error.remedy, { cause: error.cause });
  };
  const wrap =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Result) =>
    (...args: Arguments): Result => {
      try {
        const result = call(...args);
        return result instanceof Promise ? (result.catch(rethrow) as Result) : result;
      } catch (error) {
        return rethrow(error);
      }
    };
  return {
    createSegmentation: wrap(functions.createSegmentation),
    encodePart10: wrap(functions.encodePart10),
    readSegmentation: wrap(functions.readSegmentation),
    describeSegments: wrap(functions.describeSegments),
    longString: wrap(functions.longString),
  };
}
