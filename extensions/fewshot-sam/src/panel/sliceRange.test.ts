import { typedRange } from './sliceRange';

describe('typedRange', () => {
  it('reads 1-based numbers into 0-based indices', () => {
    expect(typedRange('3', '19', 19)).toEqual({ from: 2, to: 18 });
    expect(typedRange('5', '5', 19)).toEqual({ from: 4, to: 4 });
  });

  it.each([
    ['0', '5'],
    ['1', '20'],
    ['', '5'],
    ['2.5', '5'],
    ['two', '5'],
  ])('refuses %p to %p of 19 slices and says the limits', (from, to) => {
    expect(typedRange(from, to, 19)).toEqual({ problem: 'Slices are numbered 1 to 19.' });
  });

  it('refuses a range that ends before it starts', () => {
    expect(typedRange('9', '4', 19)).toEqual({
      problem: 'The first slice comes after the last one.',
    });
  });
});
