/** RLE Lossless, the PackBits scheme by byte planes (PS3.5, Annex G). */

const HEADER_BYTES = 64;
const LARGEST_SEGMENTS = 15;

/**
 * Encodes one frame.
 *
 * @param frame pixels, little endian
 * @param columns pixels per row; no run crosses a row
 * @param bytesPerPixel 1 or 2
 */
export function encodeRunLength(
  frame: Uint8Array,
  columns: number,
  bytesPerPixel: number,
): Uint8Array {
  const segments: number[][] = [];
  for (let plane = bytesPerPixel - 1; plane >= 0; plane--) {
    const encoded: number[] = [];
    const pixels = frame.length / bytesPerPixel;
    for (let start = 0; start < pixels; start += columns) {
      const row = new Uint8Array(columns);
      for (let i = 0; i < columns; i++) row[i] = frame[(start + i) * bytesPerPixel + plane];
      packRow(row, encoded);
    }
    if (encoded.length % 2) encoded.push(0);
    segments.push(encoded);
  }
  const length = segments.reduce((sum, segment) => sum + segment.length, HEADER_BYTES);
  const bytes = new Uint8Array(length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, segments.length, true);
  let offset = HEADER_BYTES;
  segments.forEach((segment, i) => {
    header.setUint32(4 * (i + 1), offset, true);
    bytes.set(segment, offset);
    offset += segment.length;
  });
  return bytes;
}

function packRow(row: Uint8Array, encoded: number[]): void {
  let i = 0;
  while (i < row.length) {
    let run = 1;
    while (run < 128 && i + run < row.length && row[i + run] === row[i]) run++;
    if (run > 1) {
      encoded.push(257 - run, row[i]);
      i += run;
      continue;
    }
    const start = i++;
    while (i < row.length && i - start < 128 && !(i + 1 < row.length && row[i] === row[i + 1])) i++;
    encoded.push(i - start - 1, ...row.subarray(start, i));
  }
}

/**
 * Decodes one frame.
 *
 * @returns `pixels * bytesPerPixel` bytes, little endian
 * @throws Error when the frame does not decode to exactly that size
 */
export function decodeRunLength(
  bytes: Uint8Array,
  pixels: number,
  bytesPerPixel: number,
): Uint8Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = bytes.length < HEADER_BYTES ? 0 : header.getUint32(0, true);
  if (segments !== bytesPerPixel || segments > LARGEST_SEGMENTS) {
    throw new Error(`a run-length frame has ${segments} byte planes instead of ${bytesPerPixel}`);
  }
  const frame = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const start = header.getUint32(4 * (segment + 1), true);
    const end = segment + 1 < segments ? header.getUint32(4 * (segment + 2), true) : bytes.length;
    if (start < HEADER_BYTES || end < start || end > bytes.length) {
      throw new Error('the header of a run-length frame is damaged');
    }
    unpackPlane(bytes.subarray(start, end), frame, bytesPerPixel - 1 - segment, bytesPerPixel);
  }
  return frame;
}

function unpackPlane(packed: Uint8Array, frame: Uint8Array, plane: number, step: number): void {
  let to = plane;
  let from = 0;
  while (to < frame.length && from < packed.length) {
    const code = packed[from++];
    if (code === 128) continue;
    const isRun = code > 128;
    const count = isRun ? 257 - code : code + 1;
    for (let i = 0; i < count && to < frame.length; i++, to += step) {
      frame[to] = packed[isRun ? from : from + i];
    }
    from += isRun ? 1 : count;
  }
  if (to < frame.length || from > packed.length) throw new Error('a run-length frame is cut off');
}
