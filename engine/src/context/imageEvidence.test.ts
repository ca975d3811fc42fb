import { continuity, contrast, correlation, isBlank } from './imageEvidence';

describe('isBlank', () => {
  it('is a slice of one gray value, with a few stray pixels', () => {
    const gray = new Uint8Array(1000).fill(40);
    gray[7] = 255;
    expect(isBlank(gray)).toBe(true);
    expect(isBlank(new Uint8Array(10))).toBe(true);
  });

  it('is neither noise nor a small structure', () => {
    expect(isBlank(Uint8Array.from({ length: 1000 }, (_, i) => 40 + (i % 5)))).toBe(false);
    expect(isBlank(new Uint8Array(1000).fill(80, 0, 20))).toBe(false);
  });
});

it('correlates slices whatever their contrast, and not noise', () => {
  const a = Uint8Array.from({ length: 100 }, (_, i) => (i * 37) % 101);
  const region = new Uint8Array(100).fill(1);
  expect(
    correlation(
      a,
      a.map(value => 20 + value / 2),
      region,
    ),
  ).toBeGreaterThan(0.99);
  expect(
    correlation(
      a,
      a.map(value => 200 - value),
      region,
    ),
  ).toBeCloseTo(-1, 2);
  expect(correlation(a, new Uint8Array(100), region)).toBe(0);
});

it('takes the stronger of two chains, each as strong as its weakest link', () => {
  // Three slices between two labeled ones; the second was moved aside.
  expect(continuity([0.9, 0.1, 0.2, 0.8])).toEqual([0.9, 0.2, 0.8]);
  expect(continuity([0.9, 0.7, null])).toEqual([0.9, 0.7]);
});

it('tells whether an outline parts gray values', () => {
  const distance = Float32Array.of(-2, -1, 1, 2);
  expect(contrast(Float32Array.of(-1.2, -1.2, 1.2, 1.2), distance, 1)).toBeCloseTo(1, 5);
  expect(contrast(Float32Array.of(0.3, -0.3, 0.3, -0.3), distance, 1)).toBeCloseTo(0, 5);
  expect(contrast(Float32Array.of(1, 1), Float32Array.of(1, 1), 1)).toBeNull();
});
