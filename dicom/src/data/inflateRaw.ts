import { concatBytes } from 'fewshot-sam';

/**
 * Decompresses a raw deflate stream (RFC 1951) with the built-in DecompressionStream.
 *
 * @param limit most bytes to unpack
 * @throws Error when the stream is damaged or cut off, or holds more than `limit`
 */
export async function inflateRaw(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = source.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error(`it unpacks to more than ${limit} bytes`);
    }
    chunks.push(value);
  }
  return concatBytes(chunks);
}

/**
 * Like `inflateRaw`, but accepts a trailing byte 0 that makes the length even (PS3.5, A.5 and A.4.13);
 * browsers treat it as damage.
 */
export async function inflatePadded(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await inflateRaw(bytes, limit);
  } catch (error) {
    if (bytes.at(-1) !== 0) throw error;
    return inflateRaw(bytes.subarray(0, -1), limit);
  }
}
