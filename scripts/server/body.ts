import type { IncomingMessage } from 'node:http';
import { HttpError } from './dicomweb/httpError';

/**
 * Reads a request's body into memory.
 *
 * @param limit bytes
 * @throws HttpError 411 without a length or chunked encoding, 413 above the limit, 400 when it is cut off
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const length = request.headers['content-length'];
  if (length === undefined && request.headers['transfer-encoding'] === undefined) {
    throw new HttpError(411, 'Send Content-Length.');
  }
  const tooLarge = new HttpError(413, `The body is larger than ${limit} bytes.`);
  if (Number(length ?? 0) > limit) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge;
      chunks.push(chunk);
    }
  } catch (error) {
    if (error === tooLarge) throw error;
    throw new HttpError(400, 'The body was cut off.');
  }
  return Buffer.concat(chunks, size);
}
