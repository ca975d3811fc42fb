import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpError } from './dicomweb/httpError';

const MEDIA_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** A folder, or one file, and the path under which it is served. */
export interface Mount {
  prefix: string;
  place: string;
}

/**
 * Finds the file that a request's path names.
 *
 * @param pathname decoded once; begins with a slash
 * @returns null when there is none
 * @throws HttpError 400 for a path that tries to leave the folder, or names a hidden file
 */
export async function fileFor(mount: Mount, pathname: string): Promise<string | null> {
  const relative = pathname.slice(mount.prefix.length);
  const segments = relative.split('/').filter(Boolean);
  if (segments.some(segment => segment.startsWith('.') || /[\\\0:]/.test(segment))) {
    throw new HttpError(400, 'The path is not allowed.');
  }
  const file = path.join(mount.place, ...segments);
  const stats = await stat(file).catch(() => null);
  if (!stats?.isFile()) return null;
  // A link inside the folder must not lead out of it.
  const inside = await realpath(mount.place);
  const real = await realpath(file);
  return real === inside || real.startsWith(inside + path.sep) ? real : null;
}

/** Sends a complete file, or 304 if the client has this version already. */
export async function sendFile(
  response: ServerResponse,
  file: string,
  ifNoneMatch: string | undefined,
): Promise<void> {
  const { size, mtimeMs } = await stat(file);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  // Let the browser revalidate every time, so that a new build reaches it at once.
  const caching = { etag, 'cache-control': 'no-cache' };
  if (ifNoneMatch === etag) {
    response.writeHead(304, caching);
    response.end();
    return;
  }
  const type = MEDIA_TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  response.writeHead(200, { ...caching, 'content-type': type, 'content-length': size });
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(createReadStream(file), response);
}
