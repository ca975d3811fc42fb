import { neighbors } from './neighbors';

describe('neighbors', () => {
  it('finds the nearest labeled slice on each side', () => {
    expect(neighbors(5, [9, 1, 3])).toEqual({ below: 3, above: 9 });
    expect(neighbors(0, [9, 1, 3])).toEqual({ below: null, above: 1 });
    expect(neighbors(10, [9, 1, 3])).toEqual({ below: 9, above: null });
    expect(neighbors(3, [9, 1, 3])).toEqual({ below: 3, above: 3 });
  });
});
