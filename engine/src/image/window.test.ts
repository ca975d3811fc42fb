import { resolveWindow } from './window';

const slicesOf = (...rows: number[][]) => rows.map(row => ({ pixels: Float32Array.from(row) }));

describe('resolveWindow', () => {
  it('takes a clip as it is', () => {
    const window = { kind: 'clip', low: -160, high: 240 } as const;
    expect(resolveWindow(window, slicesOf([-1000, 50]))).toEqual({ low: -160, high: 240 });
  });

  it('reads percentiles over all slices together, between ranks linearly', () => {
    const slices = slicesOf([0, 10, 20], [30, 40]);
    expect(resolveWindow({ kind: 'percentile', low: 25, high: 75 }, slices)).toEqual({
      low: 10,
      high: 30,
    });
    expect(resolveWindow({ kind: 'percentile', low: 10, high: 100 }, slices)).toEqual({
      low: 4,
      high: 40,
    });
  });

  it('agrees with sorting, also beside an extreme outlier', () => {
    const pixels = Float32Array.from({ length: 5001 }, (_, i) => Math.sin(i * 12.9898) * 1000);
    pixels[17] = 1e9;
    const sorted = Float32Array.from(pixels).sort();
    const { low, high } = resolveWindow({ kind: 'percentile', low: 1, high: 99 }, [{ pixels }]);
    expect(low).toBe(sorted[50]);
    expect(high).toBe(sorted[4950]);
  });

  it('leaves out pixels that are not numbers', () => {
    const slices = slicesOf([NaN, 0, 10, NaN, 20, Infinity]);
    expect(resolveWindow({ kind: 'percentile', low: 0, high: 50 }, slices)).toEqual({
      low: 0,
      high: 10,
    });
  });

  it('uses the whole range when the percentiles coincide', () => {
    const pixels = new Float32Array(1000);
    pixels[3] = 7;
    expect(resolveWindow({ kind: 'percentile', low: 0.5, high: 99.5 }, [{ pixels }])).toEqual({
      low: 0,
      high: 7,
    });
  });

  it.each([
    ['a constant image', [5, 5, 5], { kind: 'percentile', low: 0.5, high: 99.5 }, /same value, 5/],
    ['nothing but NaN', [NaN, NaN], { kind: 'percentile', low: 0, high: 100 }, /No pixel holds/],
    ['a reversed window', [0, 1], { kind: 'clip', low: 240, high: -160 }, /240 to -160/],
    ['a window beside the image', [0, 1], { kind: 'clip', low: 100, high: 200 }, /0 to 1/],
    ['percentiles above 100', [0, 1], { kind: 'percentile', low: 1, high: 101 }, /1 and 101/],
  ] as const)('refuses %s', (_, pixels, window, message) => {
    expect(() => resolveWindow(window, slicesOf([...pixels]))).toThrow(message);
  });
});
