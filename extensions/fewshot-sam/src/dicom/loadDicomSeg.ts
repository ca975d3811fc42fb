import { FewshotError } from 'fewshot-sam';
import { scriptLoader } from '../host/pluginScript';
import type * as dicomSeg from './dicomSeg';

/** SHA-256 of `dicom-seg.js`, set by the build. A viewer built from source makes its own chunk. */
declare const FEWSHOT_DICOM_SEG_SHA256: string | undefined;

type DicomSegModule = typeof dicomSeg;

/** Functions that read and write DICOM SEG and RTSTRUCT, see `dicomSeg.ts`. */
export type DicomSeg = Omit<DicomSegModule, 'FewshotError'>;

/**
 * Loads the DICOM SEG bundle on the first call.
 *
 * @throws FewshotError `backend-unusable` or `plugin-altered`; the next call tries again
 */
export type LoadDicomSeg = () => Promise<DicomSeg>;

/** @param folder of the plug-in: absolute URL, ending in a slash */
export function dicomSegLoader(folder: string): LoadDicomSeg {
  const load = scriptLoader<DicomSegModule>(folder, {
    file: 'dicom-seg.js',
    purpose: 'which writes and reads DICOM SEG and RTSTRUCT',
    // The bundler drops the import where the hash is set.
    from:
      typeof FEWSHOT_DICOM_SEG_SHA256 === 'undefined'
        ? () => import('./dicomSeg')
        : FEWSHOT_DICOM_SEG_SHA256,
  });
  return () => load().then(withOurErrors);
}

/** Converts errors: the separate bundle has its own copy of FewshotError. */
export function withOurErrors({
  FewshotError: TheirError,
  ...functions
}: DicomSegModule): DicomSeg {
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
    createReport: wrap(functions.createReport),
    encodePart10: wrap(functions.encodePart10),
    readSegmentation: wrap(functions.readSegmentation),
    describeSegments: wrap(functions.describeSegments),
    longString: wrap(functions.longString),
    describeRois: wrap(functions.describeRois),
    createStructureSet: wrap(functions.createStructureSet),
    encodeStructureSet: wrap(functions.encodeStructureSet),
  };
}
