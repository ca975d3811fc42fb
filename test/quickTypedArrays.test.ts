import { equalTypedArrays } from './quickTypedArrays';

describe('equalTypedArrays', () => {
  it.each<[boolean | undefined, unknown, unknown]>([
    [true, Float32Array.of(1, NaN), Float32Array.of(1, NaN)],
    [false, Float32Array.of(1, 2), Float32Array.of(1, 3)],
    [false, Float32Array.of(0), Float32Array.of(-0)],
    [false, Float32Array.of(1), Float32Array.of(1, 2)],
    [false, Float32Array.of(1), Uint8Array.of(1)],
    [undefined, [1], Uint8Array.of(1)],
    [undefined, new DataView(new ArrayBuffer(1)), new DataView(new ArrayBuffer(1))],
  ])('is %p for %p and %p', (equal, a, b) => {
    expect(equalTypedArrays(a, b)).toBe(equal);
  });

  it('is what `toEqual` asks, inside of objects too', () => {
    expect({ masks: [Uint8Array.of(1, 0)] }).toEqual({ masks: [Uint8Array.of(1, 0)] });
    expect({ masks: [Uint8Array.of(1, 0)] }).not.toEqual({ masks: [Uint8Array.of(1, 1)] });
  });
});
