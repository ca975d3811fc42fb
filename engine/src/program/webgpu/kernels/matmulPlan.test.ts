import { matmulPlan } from './matmulPlan';

/** Workgroups of a plan, and steps each takes along the inner dimension. */
function shape(rows: number, columns: number, inner: number) {
  const { tiling, splits, innerPerSplit } = matmulPlan(rows, columns, inner);
  return {
    tile: `${tiling.rows} x ${tiling.columns}`,
    workgroups: Math.ceil(rows / tiling.rows) * Math.ceil(columns / tiling.columns) * splits,
    splits,
    steps: innerPerSplit / tiling.inner,
  };
}

describe('matmulPlan', () => {
  it('takes large tiles for image tokens', () => {
    const expected = { tile: '64 x 64', workgroups: 128, splits: 1, steps: 16 };
    expect(shape(4096, 128, 256)).toEqual(expected);
  });

  it('splits the long inner dimension of a weight gradient', () => {
    const expected = { tile: '64 x 64', workgroups: 128, splits: 16, steps: 16 };
    expect(shape(256, 128, 4096)).toEqual(expected);
  });

  it('takes small tiles for a few tokens, whose steps are few even in the MLP', () => {
    const expected = { tile: '8 x 16', workgroups: 16, splits: 1, steps: 16 };
    expect(shape(7, 256, 2048)).toEqual(expected);
    expect(shape(60, 256, 256)).toEqual({ ...expected, workgroups: 128, steps: 2 });
  });

  it('splits a sum over all pixels', () => {
    const expected = { tile: '8 x 16', workgroups: 128, splits: 64, steps: 8 };
    expect(shape(2, 32, 65536)).toEqual(expected);
  });

  it('leaves no split without work', () => {
    for (const inner of [4096, 4097, 5000, 16400, 65535]) {
      const { splits, innerPerSplit } = matmulPlan(2, 32, inner);
      expect((splits - 1) * innerPerSplit).toBeLessThan(inner);
      expect(splits * innerPerSplit).toBeGreaterThanOrEqual(inner);
    }
  });
});
