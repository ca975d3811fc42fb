import { sha256Hex } from 'fewshot-sam';

/**
 * Returns a new unique identifier: a random UUID as an integer under the root 2.25 (PS3.5, B.2).
 * crypto.randomUUID is missing on plain http pages, and dcmjs's generator may exceed 128 bits.
 */
export function newUid(): string {
  return uidOf(crypto.getRandomValues(new Uint8Array(16)), 4);
}

/**
 * Returns the unique identifier that belongs to a name: equal names give equal UIDs. A UUID of version 8
 * (RFC 9562) from the name's SHA-256, under 2.25.
 */
export async function derivedUid(name: string): Promise<string> {
  const hex = await sha256Hex(name);
  return uidOf(
    Uint8Array.from({ length: 16 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16)),
    8,
  );
}

function uidOf(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return `2.25.${BigInt(`0x${hex}`)}`;
}
