import { FewshotError } from 'fewshot-sam';
import { itemsOf, parseDicomJson, textOf } from './dicomJson';

/** Answer of an archive to STOW-RS. */
export interface StowAnswer {
  /** HTTP status; 0 without an answer. */
  status: number;
  /** DICOM JSON, native DICOM XML, or anything that a server or proxy sends instead. */
  body: string;
}

const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_SEQUENCE = '00081199';
const REFERENCED_SOP_UID = '00081155';
const RETRIEVE_URL = '00081190';
const FAILURE_REASON = '00081197';
/** Failure Reason: Duplicate SOP Instance (PS3.7, C.5.7). */
const DUPLICATE = 0x0111;
/** No answer, Request Timeout, Too Many Requests, Bad Gateway, Service Unavailable, Gateway Timeout. */
const TRANSIENT = [0, 408, 429, 502, 503, 504];

/**
 * Finds refused instances in an answer (PS3.18, 10.5.3). An archive may refuse them despite a status of
 * success.
 *
 * @returns the first Failure Reason; 0 if none is given; null if nothing was refused
 */
export function failureReason(body: string): number | null {
  const datasets = parseDicomJson(body);
  if (datasets) {
    const [failed] = datasets.flatMap(dataset => itemsOf(dataset, FAILED_SOP_SEQUENCE));
    return failed ? Number(textOf(failed, FAILURE_REASON)) : null;
  }
  const sequence = body.split(new RegExp(`tag="${FAILED_SOP_SEQUENCE}"`, 'i'))[1];
  if (!sequence || !/^[^>]*[^/]>\s*<Item\b/.test(sequence)) return null;
  return Number(xmlTextOf(sequence, FAILURE_REASON));
}

/** Whether the answer confirms that this instance is stored (PS3.18, 10.5.3). */
export function acknowledges({ status, body }: StowAnswer, sopInstanceUID: string): boolean {
  if (status < 200 || status >= 300 || failureReason(body) !== null) return false;
  return referenced(body).SOPInstanceUID === sopInstanceUID;
}

/**
 * Detects that the archive changed the UIDs of the instance it was sent (coercion), as some archives do
 * with data from outside.
 *
 * @returns the archive's UIDs; null if it kept ours or names none
 */
export function changedUids(
  { status, body }: StowAnswer,
  sent: { SeriesInstanceUID: string; SOPInstanceUID: string },
): { SeriesInstanceUID?: string; SOPInstanceUID: string } | null {
  if (status < 200 || status >= 300 || failureReason(body) !== null) return null;
  const { SeriesInstanceUID: series, SOPInstanceUID } = referenced(body);
  if (SOPInstanceUID === undefined) return null;
  const isKept =
    SOPInstanceUID === sent.SOPInstanceUID &&
    (series === undefined || series === sent.SeriesInstanceUID);
  return isKept ? null : { SeriesInstanceUID: series, SOPInstanceUID };
}

/** UIDs in the first item of Referenced SOP Sequence, in JSON or XML; from its Retrieve URL if it has none. */
function referenced(body: string): { SeriesInstanceUID?: string; SOPInstanceUID?: string } {
  const datasets = parseDicomJson(body);
  const [item = {}] = (datasets ?? []).flatMap(one => itemsOf(one, REFERENCED_SOP_SEQUENCE));
  const sequence = body.split(`tag="${REFERENCED_SOP_SEQUENCE}"`)[1] ?? '';
  const valueOf = (tag: string) => (datasets ? textOf(item, tag) : xmlTextOf(sequence, tag));
  const [, series, instance] =
    /\/series\/([\d.]+)\/instances\/([\d.]+)/.exec(valueOf(RETRIEVE_URL)) ?? [];
  return {
    SeriesInstanceUID: series,
    SOPInstanceUID: valueOf(REFERENCED_SOP_UID) || instance,
  };
}

/** First value of an attribute in native DICOM XML (PS3.19, A.1); empty if there is none. */
function xmlTextOf(xml: string, tag: string): string {
  return new RegExp(`tag="${tag}"[^>]*>\\s*<Value[^>]*>\\s*([^<\\s]+)`, 'i').exec(xml)?.[1] ?? '';
}

/** Whether the same request may succeed a moment later. */
export function isTransient({ status, body }: StowAnswer): boolean {
  return TRANSIENT.includes(status) && failureReason(body) === null;
}

/** Whether the answer may mean that the archive already has the instance. */
export function isDuplicate({ status, body }: StowAnswer): boolean {
  const reason = failureReason(body);
  return reason === null ? status === 409 : reason === DUPLICATE;
}

const DOWNLOAD = 'Meanwhile download the segmentation, so that it is not lost.';

/** Message and remedy for a Failure Reason (PS3.18, I.2.2; PS3.4, B.2.3). */
function reasonInWords(reason: number): { message: string; remedy: string } {
  const hex = reason.toString(16).toUpperCase().padStart(4, '0');
  const refusal = (why: string) => `The archive refused the segmentation: ${why} (reason ${hex}).`;
  if (reason >= 0xa700 && reason <= 0xa7ff) {
    return {
      message: refusal('it is out of space'),
      remedy: `Ask the administrator of the archive to make room. ${DOWNLOAD}`,
    };
  }
  if (reason === 0x0124) {
    return {
      message: refusal('you have no permission to store'),
      remedy: `Ask the administrator of the archive for permission. ${DOWNLOAD}`,
    };
  }
  if (reason === DUPLICATE) {
    return {
      message: refusal('it has another object under the same UID'),
      remedy: `Tell the administrator of the archive. ${DOWNLOAD}`,
    };
  }
  if (reason === 0x0122 || reason === 0xc122) {
    return {
      message: refusal('it does not accept DICOM Segmentation objects'),
      remedy: `Ask the administrator to allow Segmentation Storage, Explicit VR Little Endian. ${DOWNLOAD}`,
    };
  }
  return {
    message: reason
      ? refusal('it could not process it')
      : 'The archive refused the segmentation and did not say why.',
    remedy: `Try again; if it stays, give the reason to the administrator of the archive. ${DOWNLOAD}`,
  };
}

function statusInWords(status: number): { message: string; remedy: string } {
  const http = `(HTTP ${status})`;
  if (status === 0) {
    return {
      message: 'The archive did not answer.',
      remedy: `Check the connection, then try again. ${DOWNLOAD}`,
    };
  }
  if (status === 401) {
    return {
      message: `The archive asks you to sign in ${http}.`,
      remedy: `Sign in again in another tab, then try again. ${DOWNLOAD}`,
    };
  }
  if (status === 403) {
    return {
      message: `The archive does not permit you to store ${http}.`,
      remedy: `Ask the administrator of the archive for permission. ${DOWNLOAD}`,
    };
  }
  if ([404, 405, 501].includes(status)) {
    return {
      message: `The archive does not accept DICOM objects from the viewer ${http}.`,
      remedy: `Ask the administrator to enable STOW-RS. ${DOWNLOAD}`,
    };
  }
  if (status === 409) {
    return {
      message: `The archive refused the segmentation and did not say why ${http}.`,
      remedy: `Try again; if it stays, tell the administrator of the archive. ${DOWNLOAD}`,
    };
  }
  if (status === 429 || status === 503) {
    return {
      message: `The archive is too busy to store ${http}.`,
      remedy: `Try again in a few minutes. ${DOWNLOAD}`,
    };
  }
  if ([408, 502, 504].includes(status)) {
    return {
      message: `The archive behind the viewer's web server did not answer ${http}.`,
      remedy: `Check that the archive runs, then try again. ${DOWNLOAD}`,
    };
  }
  if (status === 413) {
    return {
      message: `The segmentation is larger than the archive or its proxy accepts ${http}.`,
      remedy: `Ask the administrator to raise the limit. ${DOWNLOAD}`,
    };
  }
  if (status === 507) return reasonInWords(0xa700);
  return {
    message: `The archive could not store the segmentation ${http}.`,
    remedy: `Try again; if it stays, tell the administrator of the archive. ${DOWNLOAD}`,
  };
}

/** The error for an answer; null if it means stored. */
export function stowFailure({ status, body }: StowAnswer, cause?: unknown): FewshotError | null {
  const reason = failureReason(body);
  const stored = status >= 200 && status < 300;
  if (stored && reason === null) return null;
  const { message, remedy } = reason === null ? statusInWords(status) : reasonInWords(reason);
  return new FewshotError('bad-result', message, remedy, { cause });
}
