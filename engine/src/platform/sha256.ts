/**
 * SHA-256 as lower-case hex. Uses WebCrypto; falls back to JavaScript where a page has none, as on
 * plain http from another machine.
 */
export async function sha256Hex(data: Uint8Array | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const digest = await sha256(bytes);
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns the 32 bytes of the digest */
export async function sha256(
  bytes: Uint8Array,
  subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle,
): Promise<Uint8Array> {
  if (subtle) return new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource));
  const noble = await import('@noble/hashes/sha2');
  return noble.sha256(bytes);
}
