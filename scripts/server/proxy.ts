import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../setup/userError';
import type { Handler } from './dicomweb/handler';
import { HttpError } from './dicomweb/httpError';
import { headersFor } from './headers';
import { printable } from '../../engine/src/platform/printable';

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
 * Asks the archive for one study, to find out now rather than in the viewer whether it answers.
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
      `The archive ${shown} wants a login (status ${status}).`,
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
    // A web server that answers any path with its start page.
    throw new UserError(`${shown} answers a search with ${type}, not with DICOM JSON.`, remedy);
  }
}

/**
 * Passes DICOMweb requests on to an archive elsewhere, so that it appears under our own origin. URLs
 * of the archive in its JSON answers are rewritten accordingly.
 *
 * @param prefix path under which it appears
 */
export function proxyTo(archive: URL, prefix: string, login?: string): Handler {
  return async (request, response) => {
    const here = `http://${request.headers.host ?? 'localhost'}${prefix}`;
    const rest = (request.url ?? '').slice(prefix.length);
    // The prefix itself may come percent-encoded; cut off by length, it would leave another address.
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
    throw new HttpError(502, 'The archive broke off its answer.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function addressOf(url: URL): string {
  return url.href.replace(/\/$/, '');
}

/**
 * Lets through what DICOMweb needs: searching and retrieving, and storing (PS3.18, 10.4 to 10.6). Archives
 * have more, also below the same root: deleting, work lists, their own tools.
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
    throw new HttpError(405, `${method} is not possible here.`, { Allow: allowed.join(', ') });
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
