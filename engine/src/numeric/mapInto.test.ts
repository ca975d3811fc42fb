import { mapInto } from './mapInto';

describe('mapInto', () => {
  it('puts the value of each element where it belongs', () => {
    const into = new Float32Array(3);
    const result = mapInto([1, 2, 3], into, (element, index) => element / 2 + 10 * index);
    expect(result).toBe(into);
    expect([...result]).toEqual([0.5, 11, 21.5]);
  });

  it('rounds as the array that it writes to does', () => {
    expect([...mapInto([0.4, 1.6, 300], new Uint8Array(3), element => element)]).toEqual([
      0, 1, 44,
    ]);
  });
});
