import { deflateRawSync } from 'node:zlib';
import { inflatePadded, inflateRaw } from './inflateRaw';

const packed = deflateRawSync(Buffer.alloc(100_000, 'few shots '));

describe('inflateRaw', () => {
  it('unpacks', async () => {
    const text = Buffer.from(await inflateRaw(packed, 100_000)).toString();
    expect(text).toBe('few shots '.repeat(10_000));
  });

  it('stops at the limit', async () => {
    await expect(inflateRaw(packed, 99_999)).rejects.toThrow('more than 99999 bytes');
  });

  it('refuses what is cut off', async () => {
    await expect(inflateRaw(packed.subarray(0, -3), 100_000)).rejects.toThrow();
  });

  it('does not mind a byte that was added', async () => {
    const padded = Buffer.concat([packed, Buffer.alloc(1)]);
    expect(await inflatePadded(padded, 100_000)).toHaveLength(100_000);
  });
});
