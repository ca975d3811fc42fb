import type { IncomingMessage } from 'node:http';
import { HttpError } from './dicomweb/httpError';

/**
 * Keeps other web sites away from patients' images: a page of theirs that is open in the same browser
 * could otherwise store, or have the archive work, with the login of this server.
 *
 * @throws HttpError 403 when a browser says that another site sent the request
 */
export function requireSameOrigin({ headers }: IncomingMessage): void {
  const site = headers['sec-fetch-site'];
  const { origin } = headers;
  const isForeign =
    site !== undefined
      ? site !== 'same-origin' && site !== 'none'
      : origin !== undefined && hostOf(origin) !== headers.host?.toLowerCase();
  if (isForeign) throw new HttpError(403, 'Requests from other web sites are refused.');
}

/** `null`, which a page without an origin sends, has none. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
