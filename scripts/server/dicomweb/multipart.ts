import { HttpError } from './httpError';

export interface Part {
  /** By lower-case name. */
  headers: Record<string, string>;
  /** A view of the whole body. */
  content: Buffer;
}

/**
 * Splits a multipart/related body (RFC 2387, RFC 2046 section 5.1).
 *
 * @throws HttpError 400 when a delimiter is missing
 */
export function parseMultipart(body: Buffer, boundary: string): Part[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  // The first delimiter may be at the very start; every other one follows a line break.
  let at = startsWith(body, delimiter, 0) ? 0 : after(body.indexOf(`\r\n--${boundary}`), 2);
  if (at < 0) throw new HttpError(400, 'The body does not contain the boundary of Content-Type.');
  for (;;) {
    let start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return parts;
    const lineEnd = body.indexOf('\r\n', start);
    if (lineEnd < 0 || body.toString('latin1', start, lineEnd).trim() !== '') {
      throw new HttpError(400, 'A boundary in the body is not followed by a line break.');
    }
    start = lineEnd + 2;
    const end = body.indexOf(`\r\n--${boundary}`, start - 2);
    if (end < 0) throw new HttpError(400, 'The body ends before its closing boundary.');
    parts.push(parsePart(body.subarray(start, Math.max(start, end))));
    at = end + 2;
  }
}

function parsePart(bytes: Buffer): Part {
  const headers: Record<string, string> = {};
  if (startsWith(bytes, Buffer.from('\r\n'), 0)) return { headers, content: bytes.subarray(2) };
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) throw new HttpError(400, 'A part of the body has no header.');
  for (const line of bytes.toString('latin1', 0, headEnd).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw new HttpError(400, 'A part of the body has a malformed header.');
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, content: bytes.subarray(headEnd + 4) };
}

function startsWith(bytes: Buffer, prefix: Buffer, at: number): boolean {
  return bytes.subarray(at, at + prefix.length).equals(prefix);
}

function after(index: number, length: number): number {
  return index < 0 ? -1 : index + length;
}

/** Returns the bytes before a part's content. */
export function partHead(boundary: string, headers: Record<string, string>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`\r\n--${boundary}\r\n${lines.join('')}\r\n`);
}

/** Returns the bytes after the last part. */
export function closing(boundary: string): Buffer {
  return Buffer.from(`\r\n--${boundary}--\r\n`);
}
