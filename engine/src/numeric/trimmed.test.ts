import { trimmed, untrimmed } from './trimmed';

const half = (kept: number) => kept / 2;

describe('trimmed', () => {
  it('leaves out the zeros before and after, and untrimmed puts them back', () => {
    const kept = trimmed(Uint8Array.of(0, 0, 4, 0, 6, 0));
    expect(kept).toEqual({ start: 2, values: Uint8Array.of(4, 0, 6) });
    expect([...untrimmed(kept, new Float32Array(6), half)]).toEqual([0, 0, 2, 0, 3, 0]);
  });

  it('keeps nothing of zeros, and all where there are none', () => {
    expect(trimmed(new Uint16Array(5)).values).toHaveLength(0);
    expect(trimmed(Uint16Array.of(1, 2))).toEqual({ start: 0, values: Uint16Array.of(1, 2) });
    expect([...untrimmed(trimmed(new Uint16Array(2)), new Float32Array(2), half)]).toEqual([0, 0]);
  });

  it('holds no more memory than what it keeps', () => {
    const { values } = trimmed(Uint8Array.of(0, 0, 1, 0));
    expect(values.buffer.byteLength).toBe(1);
  });
});
