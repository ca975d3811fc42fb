import { absentSlices } from './absentSlices';

describe('slices on which a structure is not', () => {
  it('are those that the user marked, and some that a review found empty', () => {
    const reviewed = [0, 1, 2, 3, 20, 21, 22, 23, 24];
    expect(absentSlices([], reviewed)).toEqual([0, 2, 20, 22, 24]);
    expect(absentSlices([2, 30], reviewed)).toEqual([0, 2, 21, 24, 30]);
    expect(absentSlices([1, 2, 3, 4], [7, 9])).toEqual([1, 2, 3, 4, 7]);
    expect(absentSlices([1, 2, 3, 4, 5, 6], [9])).toEqual([1, 2, 3, 4, 5, 6]);
    expect(absentSlices([], [4])).toEqual([4]);
  });
});
