import { areaWeights, linearWeights, resample, sourceRange } from './resample';

const identity = (size: number) =>
  linearWeights({ sourceSize: size, targetSize: size, step: 1, offset: 0 });

describe('resample', () => {
  it('returns the same values on the same grid', () => {
    const source = Float32Array.from([1, 2, 3, 4, 5, 6]);
    expect(resample(source, 3, identity(2), identity(3))).toEqual(source);
  });

  it('interpolates linearly between pixel centers and holds the edge value', () => {
    const columns = linearWeights({ sourceSize: 2, targetSize: 4, step: 0.5, offset: 0 });
    expect([...resample([0, 8], 2, identity(1), columns)]).toEqual([0, 2, 6, 8]);
  });

  it('keeps a ramp a ramp when shrinking, center on center', () => {
    const ramp = Array.from({ length: 40 }, (_, i) => i + 0.5);
    const columns = linearWeights({ sourceSize: 40, targetSize: 10, step: 4, offset: 0 });
    const result = resample(ramp, 40, identity(1), columns);
    for (let i = 1; i < 9; i++) expect(result[i]).toBeCloseTo(i * 4 + 2, 4);
  });

  it('averages areas exactly and says how much of a pixel lies on the source', () => {
    const columns = areaWeights({ sourceSize: 3, targetSize: 3, step: 1.5, offset: 0 });
    const result = resample([0, 3, 9], 3, identity(1), columns);
    expect(result[0]).toBeCloseTo((0 * 1 + 3 * 0.5) / 1.5, 5);
    expect(result[1]).toBeCloseTo((3 * 0.5 + 9 * 1) / 1.5, 5);
    expect([...columns.inside]).toEqual([1, 1, 0]);
    expect(result[2]).toBe(0);
  });

  it('reads nothing but the rows that count', () => {
    const rows = linearWeights({ sourceSize: 9, targetSize: 4, step: 0.5, offset: 3 });
    expect(sourceRange(rows)).toEqual({ start: 2, end: 6 });
    const source = [NaN, NaN, 2, 3, 4, 5, NaN, NaN, NaN];
    expect([...resample(source, 1, rows, identity(1))]).toEqual([2.75, 3.25, 3.75, 4.25]);
  });
});
