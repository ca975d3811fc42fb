import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../setup/userError';
import type { Handler } from './dicomweb/handler';
import { HttpError } from './dicomweb/httpError';
import { headersFor } from './headers';
import { printable } from '../../engine/src/platform/printable';

/** Headers of a connection, not of the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host'],
]);
/** Headers that are ours, or useless to the archive. */
const NOT_FORWARDED = new Set(['cookie', 'origin', 'referer', 'accept-encoding']);
const NOT_RETURNED = new Set([
  ...['set-cookie', 'content-encoding', 'strict-transport-security'],
  // The archive's permissions for other web sites do not apply to our server.
  ...['access-control-allow-origin', 'access-control-allow-credentials'],
  ...Object.keys(headersFor('/')).map(name => name.toLowerCase()),
]);

/**
 * Reads `--dicomweb`.
 *
 * @throws UserError when it is not an http(s) URL
 */
export function parseArchiveUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.search || url.hash) {
    throw new UserError(
      `--dicomweb ${printable(text.replace(/\/\/[^/]*@/, '//'))} is not the root of a DICOMweb service.`,
      'Give an http or https URL without parameters, e.g. http://localhost:8042/dicom-web.',
    );
  }
  if (url.username || url.password) {
    throw new UserError(
      '--dicomweb holds a password, which everyone on this computer can see in the list of processes.',
      'Put USER:PASSWORD into a file and give --dicomweb-auth FILE, or set FEWSHOT_DICOMWEB_USER and FEWSHOT_DICOMWEB_PASSWORD.',
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  return url;
}

/**
 * Requests one study from the archive, to detect problems now rather than in the viewer.
 *
 * @throws UserError when it cannot be reached, or does not answer a QIDO-RS search
 */
export async function probeArchive(archive: URL, login?: string): Promise<void> {
  const remedy = 'Check that the archive runs and that --dicomweb is its DICOMweb root.';
  const shown = printable(addressOf(archive));
  let answer: IncomingMessage;
  try {
    const headers = { accept: 'application/dicom+json' };
    answer = await ask(archive, '/studies?limit=1', 'GET', headers, { login, timeout: 10_000 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(`The archive ${shown} cannot be reached (${code ?? message}).`, remedy, {
      cause: error,
    });
  }
  answer.resume();
  const status = answer.statusCode ?? 0;
  if (status === 401 || status === 403) {
    throw new UserError(
      `The archive ${shown} requires a login (status ${status}).`,
      login === undefined
        ? 'Put USER:PASSWORD into a file and give --dicomweb-auth FILE, or set FEWSHOT_DICOMWEB_USER and FEWSHOT_DICOMWEB_PASSWORD.'
        : 'Check the user and the password that were given.',
    );
  }
  if (status < 200 || status >= 300) {
    throw new UserError(`The archive ${shown} answers a search with status ${status}.`, remedy);
  }
  const type = answer.headers['content-type'] ?? 'nothing';
  if (status !== 204 && !isJson(answer)) {
    // Probably a web server that answers any path with its start page.
    throw new UserError(`${shown} answers a search with ${type}, not with DICOM JSON.`, remedy);
  }
}

/**
 * Forwards DICOMweb requests to an external archive, so that it appears under our own origin. Rewrites the
 * archive's URLs in its JSON answers accordingly.
 *
 * @param prefix path under which it appears
 */
export function proxyTo(archive: URL, prefix: string, login?: string): Handler {
  return async (request, response) => {
    const here = `http://${request.headers.host ?? 'localhost'}${prefix}`;
    const rest = (request.url ?? '').slice(prefix.length);
    // The prefix may be percent-encoded; cutting it off by length would then leave a different path.
    if (!request.url?.startsWith(prefix) || !/^[/?]|^$/.test(rest)) {
      throw new HttpError(404, 'There is no such DICOMweb resource.');
    }
    const { method = 'GET' } = request;
    checkRequest(method, rest);
    const headers = without(request.headers, NOT_FORWARDED);
    let answer: IncomingMessage;
    try {
      answer = await ask(archive, rest, method, headers, { login, body: request });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new HttpError(502, `The archive cannot be reached (${code ?? message}).`);
    }
    const returned = without(answer.headers, NOT_RETURNED);
    const rewrite = (text: string) => text.replaceAll(addressOf(archive), here);
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

function isJson({ headers }: IncomingMessage): boolean {
  return /\bjson\b/.test(headers['content-type'] ?? '');
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    throw new HttpError(502, 'The archive aborted its answer.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function addressOf(url: URL): string {
  return url.href.replace(/\/$/, '');
}

/**
 * Allows only what the viewer needs of DICOMweb: searching, retrieving and storing (PS3.18, 10.4 to 10.6).
 * Archives offer more below the same root: deleting, work lists, their own tools.
 *
 * @throws HttpError 404 for another path, 405 for another method
 */
function checkRequest(method: string, rest: string): void {
  const path = rest.split('?')[0];
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw new HttpError(400, 'The path is not valid.');
  }
  // Encoded separators and dots could leave the service once the archive decodes them.
  const isPlain = !/%(2e|2f|5c|25|00)/i.test(path) && !/[\\\0]|\/\.{1,2}(\/|$)|\/\//.test(decoded);
  if (!isPlain || !/^\/(studies|series|instances|bulkdata)(\/|$)/.test(path)) {
    throw new HttpError(404, 'There is no such DICOMweb resource.');
  }
  const isStore = /^\/studies(\/[\d.]+)?\/?$/.test(path);
  const allowed = isStore ? ['GET', 'HEAD', 'OPTIONS', 'POST'] : ['GET', 'HEAD', 'OPTIONS'];
  if (!allowed.includes(method)) {
    throw new HttpError(405, `${method} is not allowed here.`, { Allow: allowed.join(', ') });
  }
}

function without(headers: IncomingHttpHeaders, names: Set<string>): IncomingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name) && !names.has(name)),
  );
}

function ask(
  archive: URL,
  rest: string,
  method: string,
  headers: IncomingHttpHeaders,
  { login, body, timeout = 0 }: { login?: string; body?: IncomingMessage; timeout?: number },
): Promise<IncomingMessage> {
  const { request } = archive.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const target = new URL(addressOf(archive) + rest);
    const outgoing = request(target, { method, headers, auth: login, timeout }, resolve);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
    if (!body) return outgoing.end();
    pipeline(body, outgoing).catch(reject);
  });
}
