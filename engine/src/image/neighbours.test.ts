import { neighbours } from './neighbours';

describe('neighbours', () => {
  it('finds the nearest labelled slice on each side', () => {
    expect(neighbours(5, [9, 1, 3])).toEqual({ below: 3, above: 9 });
    expect(neighbours(0, [9, 1, 3])).toEqual({ below: null, above: 1 });
    expect(neighbours(10, [9, 1, 3])).toEqual({ below: 9, above: null });
    expect(neighbours(3, [9, 1, 3])).toEqual({ below: 3, above: 3 });
  });
});
