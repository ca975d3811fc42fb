import { blur } from './blur';

describe('blur', () => {
  it('spreads a pixel over its neighbors', () => {
    // prettier-ignore
    const point = Float32Array.of(
      0, 0, 0, 0,
      0, 0, 9, 0,
      0, 0, 0, 0,
    );
    // prettier-ignore
    expect([...blur(point, 4, [1, 1, 1])]).toEqual([
      0, 1, 1, 1,
      0, 1, 1, 1,
      0, 1, 1, 1,
    ]);
    expect(blur(point, 4, [0, 1, 0])).toEqual(point);
  });

  it('repeats the border, so that what is even stays even', () => {
    const even = new Float32Array(6).fill(4);
    for (const value of blur(even, 3, [0.5, 1, 0.5])) expect(value).toBeCloseTo(4, 5);
  });
});
