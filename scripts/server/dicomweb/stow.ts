import { isPart10, parseDicom, text } from './dicomFile';
import { isUid, toInstance, type Archive } from './archive';
import type { JsonAttribute, JsonDataset } from './dicomJson';
import { framesOf, hasImage } from './frames';
import { HttpError } from './httpError';
import { parseMediaType } from './mediaType';
import { parseMultipart } from './multipart';

/** Failure reasons (PS3.18, I.2.2; 0111H from PS3.7, C.5.7). */
export const FAILURE = {
  processing: 0x0110,
  duplicate: 0x0111,
  doesNotMatch: 0xa900,
  notUnderstood: 0xc000,
} as const;

interface Outcome {
  sopClassUid: string;
  sopUid: string;
  /** Failure reason; absent if stored. */
  failure?: number;
  retrieveUrl?: string;
}

/**
 * Returns the boundary of a STOW-RS body.
 *
 * @throws HttpError 415 or 400 when the body is not multipart/related of application/dicom
 */
export function stowBoundary(contentType: string | undefined): string {
  const { type, parameters } = parseMediaType(contentType ?? '');
  if (type !== 'multipart/related') {
    throw new HttpError(415, 'Send multipart/related; type="application/dicom".');
  }
  if (parameters.type && parameters.type.toLowerCase() !== 'application/dicom') {
    throw new HttpError(
      415,
      `Parts of type ${parameters.type} cannot be stored, only application/dicom.`,
    );
  }
  if (!parameters.boundary) throw new HttpError(400, 'Content-Type names no boundary.');
  return parameters.boundary;
}

/**
 * Stores the instances in a STOW-RS body independently (PS3.18, 10.5).
 *
 * @param studyUid when the request names a study, only its instances are stored
 * @param root URL of the DICOMweb service
 * @returns status 200 when all were stored, 202 when some were, 409 when none was
 * @throws HttpError 400 when the body is malformed, 415 when a part is not application/dicom
 */
export async function store(
  archive: Archive,
  body: Buffer,
  boundary: string,
  studyUid: string | undefined,
  root: string,
): Promise<{ status: number; dataset: JsonDataset }> {
  const parts = parseMultipart(body, boundary);
  if (!parts.length) throw new HttpError(400, 'The body has no parts.');
  for (const { headers } of parts) {
    const type = parseMediaType(headers['content-type'] ?? 'application/dicom').type;
    if (type !== 'application/dicom') {
      throw new HttpError(415, `A part is of type ${type}; only application/dicom is stored.`);
    }
  }
  const outcomes: Outcome[] = [];
  for (const { content } of parts) {
    outcomes.push(await storePart(archive, content, studyUid, root));
  }
  const failed = outcomes.filter(outcome => outcome.failure !== undefined).length;
  return {
    status: failed === 0 ? 200 : failed < outcomes.length ? 202 : 409,
    dataset: responseDataset(outcomes, root),
  };
}

async function storePart(
  archive: Archive,
  content: Buffer,
  studyUid: string | undefined,
  root: string,
): Promise<Outcome> {
  const dicom = isPart10(content) ? parseDicom(content) : null;
  const instance = dicom && toInstance('', dicom);
  if (!dicom || !instance) {
    const uid = (tag: string) => {
      const found = dicom ? text(dicom.dataset, tag) : '';
      return isUid(found) ? found : '';
    };
    return {
      sopClassUid: uid('00080016'),
      sopUid: uid('00080018'),
      failure: FAILURE.notUnderstood,
    };
  }
  const { sopClassUid, sopUid, seriesUid } = instance;
  const fail = (failure: number): Outcome => ({ sopClassUid, sopUid, failure });
  if (studyUid !== undefined && instance.studyUid !== studyUid) return fail(FAILURE.doesNotMatch);
  if (hasImage(dicom)) {
    try {
      // A truncated transfer shows in the pixel data.
      framesOf(dicom);
    } catch {
      return fail(FAILURE.notUnderstood);
    }
  }
  try {
    const outcome = await archive.store(instance, content);
    if (outcome === 'conflict') return fail(FAILURE.duplicate);
  } catch {
    return fail(FAILURE.processing);
  }
  const retrieveUrl = `${root}/studies/${instance.studyUid}/series/${seriesUid}/instances/${sopUid}`;
  return { sopClassUid, sopUid, retrieveUrl };
}

/** Returns the response data set (PS3.18, table 10.5.3-1, Store Instances Response Module). */
function responseDataset(outcomes: Outcome[], root: string): JsonDataset {
  const stored = outcomes.filter(({ failure }) => failure === undefined);
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  const studies = new Set(stored.map(({ retrieveUrl }) => retrieveUrl?.split('/series/')[0]));
  const dataset: JsonDataset = {
    '00081190': { vr: 'UR', Value: [studies.size === 1 ? [...studies][0] : `${root}/studies`] },
  };
  if (failed.length) {
    dataset['00081198'] = sequence(failed, ({ failure }) => ({
      '00081197': { vr: 'US', Value: [failure] },
    }));
  }
  if (stored.length) {
    dataset['00081199'] = sequence(stored, ({ retrieveUrl }) => ({
      '00081190': { vr: 'UR', Value: [retrieveUrl] },
    }));
  }
  return dataset;
}

function sequence(outcomes: Outcome[], more: (outcome: Outcome) => JsonDataset): JsonAttribute {
  const uid = (value: string): JsonAttribute =>
    value ? { vr: 'UI', Value: [value] } : { vr: 'UI' };
  return {
    vr: 'SQ',
    Value: outcomes.map(outcome => ({
      '00081150': uid(outcome.sopClassUid),
      '00081155': uid(outcome.sopUid),
      ...more(outcome),
    })),
  };
}
