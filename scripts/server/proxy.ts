import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../setup/userError';
import type { Handler } from './dicomweb/handler';
import { HttpError } from './dicomweb/httpError';
import { headersFor } from './headers';

const LOGIN_REMEDY =
  'Set FEWSHOT_DICOMWEB_USER and FEWSHOT_DICOMWEB_PASSWORD, or give --dicomweb-auth a file that holds user:password.';

/** Belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host'],
]);
/** Ours, or of no use to the archive. */
const NOT_FORWARDED = new Set(['cookie', 'origin', 'referer', 'accept-encoding']);
const NOT_RETURNED = new Set([
  ...['set-cookie', 'content-encoding', 'strict-transport-security'],
  // What the archive allows to other web sites, it does not allow for us.
  ...['access-control-allow-origin', 'access-control-allow-credentials'],
  ...Object.keys(headersFor('/')).map(name => name.toLowerCase()),
]);

/** An archive elsewhere, and how to sign in to it. */
export interface ArchiveLogin {
  url: URL;
  /** `user:password`; never printed. */
  auth?: string;
}

/**
 * Reads `--dicomweb`.
 *
 * @throws UserError when it is not an http(s) URL, or holds a user name or password
 */
export function parseArchiveUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.username || url?.password) {
    throw new UserError(
      `--dicomweb ${withoutCredentials(url)} holds a user name or password, which everybody on this machine can see in the list of processes.`,
      `Leave it out of the URL and change it. ${LOGIN_REMEDY}`,
    );
  }
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.search || url.hash) {
    throw new UserError(
      `--dicomweb ${text} is not the root of a DICOMweb service.`,
      'Give an http or https URL without parameters, e.g. http://localhost:8042/dicom-web.',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/**
 * Asks the archive for one study, to find out now rather than in the viewer whether it answers.
 *
 * @throws UserError when it cannot be reached, or does not answer a QIDO-RS search
 */
export async function probeArchive(archive: ArchiveLogin): Promise<void> {
  const remedy = 'Check that the archive runs and that --dicomweb is its DICOMweb root.';
  const shown = withoutCredentials(archive.url);
  let answer: IncomingMessage;
  try {
    const headers = { accept: 'application/dicom+json' };
    answer = await ask(archive, '/studies?limit=1', 'GET', headers, undefined, 10_000);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`The archive ${shown} cannot be reached (${code ?? message}).`, remedy, {
      cause: error,
    });
  }
  answer.resume();
  const status = answer.statusCode ?? 0;
  if (status === 401 || status === 403) {
    throw archive.auth
      ? new UserError(
          `The archive ${shown} refuses the user name or password (status ${status}).`,
          'Check them.',
        )
      : new UserError(`The archive ${shown} wants a login (status ${status}).`, LOGIN_REMEDY);
  }
  if (status < 200 || status >= 300) {
    throw new UserError(`The archive ${shown} answers a search with status ${status}.`, remedy);
  }
  const type = answer.headers['content-type'] ?? 'nothing';
  if (status !== 204 && !isJson(answer)) {
    // A web server that answers any path with its start page.
    throw new UserError(`${shown} answers a search with ${type}, not with DICOM JSON.`, remedy);
  }
}

/**
 * Passes DICOMweb requests on to an archive elsewhere, so that it appears under our own origin. URLs
 * of the archive in its JSON answers are rewritten accordingly. Only searching, reading and storing pass:
 * archives offer more under the same root, with the login that is ours.
 *
 * @param prefix path under which it appears
 */
export function proxyTo(archive: ArchiveLogin, prefix: string): Handler {
  return async (request, response) => {
    const here = `http://${request.headers.host ?? 'localhost'}${prefix}`;
    const rest = (request.url ?? '').slice(prefix.length);
    // The prefix itself may come percent-encoded; cut off by length, it would leave another address.
    if (!request.url?.startsWith(prefix) || !/^[/?]|^$/.test(rest)) {
      throw new HttpError(404, 'There is no such DICOMweb resource.');
    }
    const method = request.method ?? 'GET';
    const allowed = methodsOf(rest.split('?')[0]);
    if (!allowed.length) throw new HttpError(404, 'There is no such DICOMweb resource.');
    if (!allowed.includes(method)) {
      throw new HttpError(405, `${method} is not passed on.`, { Allow: allowed.join(', ') });
    }
    const headers = without(request.headers, NOT_FORWARDED);
    let answer: IncomingMessage;
    try {
      answer = await ask(archive, rest, method, headers, request);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new HttpError(502, `The archive cannot be reached (${code ?? message}).`);
    }
    const returned = without(answer.headers, NOT_RETURNED);
    const rewrite = (text: string) => text.replaceAll(withoutCredentials(archive.url), here);
    if (returned.location) returned.location = rewrite(returned.location);
    if (!isJson(answer) || request.method === 'HEAD') {
      response.writeHead(answer.statusCode ?? 502, returned);
      return pipeline(answer, response);
    }
    const body = Buffer.from(rewrite(await textOf(answer)));
    response.writeHead(answer.statusCode ?? 502, {
      ...returned,
      'content-length': String(body.length),
    });
    response.end(body);
  };
}

/** What QIDO-RS, WADO-RS and STOW-RS need (PS3.18, 10). */
function methodsOf(path: string): string[] {
  if (/^\/studies(\/[\d.]+)?\/?$/.test(path)) return ['GET', 'HEAD', 'POST'];
  return /^\/(studies|series|instances|bulkdata)(\/|$)/.test(path) ? ['GET', 'HEAD'] : [];
}

function isJson({ headers }: IncomingMessage): boolean {
  return /\bjson\b/.test(headers['content-type'] ?? '');
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    throw new HttpError(502, 'The archive broke off its answer.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function withoutCredentials(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href.replace(/\/$/, '');
}

function without(headers: IncomingHttpHeaders, names: Set<string>): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !names.has(name)),
  );
}

function ask(
  { url, auth }: ArchiveLogin,
  rest: string,
  method: string,
  headers: IncomingHttpHeaders,
  body: IncomingMessage | undefined,
  timeout = 0,
): Promise<IncomingMessage> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const target = new URL(withoutCredentials(url) + rest);
    const outgoing = request(target, { method, headers, auth, timeout }, resolve);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    if (!body) return outgoing.end();
    pipeline(body, outgoing).catch(reject);
  });
}
