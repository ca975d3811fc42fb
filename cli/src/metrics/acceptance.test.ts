import { acceptedUnchanged } from './acceptance';

const slice = (intersection: number, predicted: number, truth: number) => ({
  intersection,
  predicted,
  truth,
});

describe('share of slices accepted unchanged', () => {
  it('counts a slice from a Dice of 0.9 on', () => {
    expect(acceptedUnchanged([slice(9, 10, 10)])).toBe(1);
    expect(acceptedUnchanged([slice(8, 9, 9), slice(10, 10, 10)])).toBe(0.5);
  });

  it('counts what was missed, and what was found where nothing is, as not accepted', () => {
    const right = slice(10, 10, 10);
    expect(acceptedUnchanged([right, slice(0, 0, 5)])).toBe(0.5);
    expect(acceptedUnchanged([right, slice(0, 5, 0)])).toBe(0.5);
  });

  it('leaves out slices on which there is nothing to look at', () => {
    expect(acceptedUnchanged([slice(10, 10, 10), slice(0, 0, 0), slice(0, 0, 0)])).toBe(1);
    expect(acceptedUnchanged([slice(0, 0, 0)])).toBeNull();
    expect(acceptedUnchanged([])).toBeNull();
  });
});
