/**
 * Returns the content of the only part of a multipart answer (RFC 2046, 5.1), or of a plain
 * `application/dicom` one.
 *
 * @param type Content-Type of the answer
 * @returns null if the answer is cut off, or is neither
 */
export function partOf(bytes: Uint8Array, type: string): Uint8Array | null {
  if (/^application\/dicom\s*(;|$)/i.test(type)) return bytes;
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\//i.test(type) || !boundary) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const opening = buffer.indexOf(`--${boundary}`);
  const headersEnd = opening < 0 ? -1 : buffer.indexOf('\r\n\r\n', opening);
  if (headersEnd < 0) return null;
  const start = headersEnd + 4;
  const headers = buffer.toString('latin1', opening, headersEnd);
  const length = Number(/^Content-Length:\s*(\d+)\s*$/im.exec(headers)?.[1] ?? NaN);
  // Pixels may hold the boundary; a given length tells where the part ends.
  const end = Number.isNaN(length)
    ? buffer.lastIndexOf(`\r\n--${boundary}--`)
    : buffer.indexOf(`\r\n--${boundary}`, start + length);
  if (end < start || (!Number.isNaN(length) && end !== start + length)) return null;
  return bytes.subarray(start, end);
}
