/**
 * Decompresses a raw deflate stream (RFC 1951) with what the browser or Node has for it.
 *
 * @param limit bytes
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
  const inflated = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    inflated.set(chunk, offset);
    offset += chunk.length;
  }
  return inflated;
}

/**
 * The same where a byte 0 may have been added to make the number of bytes even (PS3.5, A.5 and A.4.13),
 * which browsers take for damage.
 */
export async function inflatePadded(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  try {
    return await inflateRaw(bytes, limit);
  } catch (error) {
    if (bytes.at(-1) !== 0) throw error;
    return inflateRaw(bytes.subarray(0, -1), limit);
  }
}
