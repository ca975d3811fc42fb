import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { checkAccess } from './access';
import type { Handler } from './dicomweb/handler';
import { HttpError } from './dicomweb/httpError';
import { headersFor } from './headers';
import { fileFor, sendFile, type Mount } from './staticFiles';

export const DICOMWEB = '/dicomweb';

export interface Site {
  /** Folder of the prebuilt viewer, served at the root. */
  viewer: string;
  /** Folder of our bundles. */
  plugins: string;
  /** Folder of model folders. */
  models: string;
  /** The viewer's configuration. */
  appConfig: string;
  /** Answers everything under `/dicomweb`. */
  dicomWeb: Handler;
  /** Host names that this server accepts, in lower case; others are refused. */
  hosts: ReadonlySet<string>;
  /** Omits isolation and policy headers. */
  plainHeaders?: boolean;
}

/**
 * Creates the demo server: viewer, plug-in, model and DICOMweb under one origin. It does not listen yet.
 */
export function createSite(site: Site): Server {
  const mounts: Mount[] = [
    { prefix: '/plugins/fewshot/models/', place: site.models },
    { prefix: '/plugins/fewshot/', place: site.plugins },
    { prefix: '/app-config.js', place: site.appConfig },
    { prefix: '/', place: site.viewer },
  ];
  return createServer((request, response) => {
    const headers = site.plainHeaders ? {} : headersFor(request.url ?? '/');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(site, mounts, request, response).catch(error => refuse(request, response, error));
  });
}

async function answer(
  site: Site,
  mounts: Mount[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  checkAccess(request, site.hosts);
  const pathname = decodedPath(request.url ?? '/');
  if (pathname === DICOMWEB || pathname.startsWith(`${DICOMWEB}/`)) {
    return site.dicomWeb(request, response);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw new HttpError(405, `${request.method} is not allowed here.`, { Allow: 'GET, HEAD' });
  }
  const mount = mounts.find(({ prefix }) => pathname.startsWith(prefix));
  const file = mount && (await fileFor(mount, pathname));
  const found = file ?? (isViewerRoute(pathname) ? path.join(site.viewer, 'index.html') : null);
  if (!found) throw new HttpError(404, 'Not found.');
  await sendFile(response, found, request.headers['if-none-match']);
}

/**
 * Whether a path is one of the viewer's pages. A missing file must give 404, or a wrong URL blanks the
 * viewer.
 */
function isViewerRoute(pathname: string): boolean {
  return !pathname.startsWith('/plugins/') && path.posix.extname(pathname) === '';
}

/** Returns the decoded path of a URL. @throws HttpError 400 when it is invalid, or leaves the root */
function decodedPath(url: string): string {
  let pathname: string;
  try {
    pathname = decodeURIComponent(url.split(/[?#]/)[0]);
  } catch {
    throw new HttpError(400, 'The path is not valid.');
  }
  if (!pathname.startsWith('/') || pathname.split(/[/\\]/).includes('..')) {
    throw new HttpError(400, 'The path is not allowed.');
  }
  return pathname;
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    // Too late for a status: cut the connection, so that the client sees the failure.
    response.destroy();
    return;
  }
  const { status, message, headers } =
    error instanceof HttpError ? error : new HttpError(500, 'The server failed on this request.');
  if (!request.complete) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${message}\n`);
}
