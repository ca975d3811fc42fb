/**
 * Returns a new unique identifier: a random UUID as an integer under the root 2.25 (PS3.5, B.2).
 * crypto.randomUUID is missing on plain http pages, and dcmjs's generator may exceed 128 bits.
 */
export function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return `2.25.${BigInt(`0x${hex}`)}`;
}
