import { gaps } from './gaps';

describe('gaps', () => {
  it('parts slices where a labeled one lies between them', () => {
    expect(gaps([0, 1, 3, 4, 6], [2, 5])).toEqual([[0, 1], [3, 4], [6]]);
  });

  it('needs no slice to be there twice, or at all', () => {
    expect(gaps([], [2])).toEqual([]);
    expect(gaps([7, 9], [2])).toEqual([[7, 9]]);
  });
});
