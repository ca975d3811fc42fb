import { bytesOf } from './bytes';
import { sha256, sha256Hex } from './sha256';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('sha256', () => {
  it('gives the digest of FIPS 180-2 for "abc"', async () => {
    expect(await sha256Hex('abc')).toBe(ABC);
    expect(await sha256Hex(Uint8Array.of(97, 98, 99))).toBe(ABC);
  });

  it('gives the same without WebCrypto, as on an insecure origin', async () => {
    const crypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto')!;
    Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
    try {
      expect(await sha256Hex('abc')).toBe(ABC);
    } finally {
      Object.defineProperty(globalThis, 'crypto', crypto);
    }
  });

  it('reads only the view of a larger buffer', async () => {
    const values = Float32Array.of(9, 1, 2, 9);
    const view = bytesOf(values.subarray(1, 3));
    expect(await sha256(view)).toEqual(await sha256(bytesOf(Float32Array.of(1, 2))));
  });
});
