import { maskOutline } from './maskOutline';

const grid = (text: string) => [...text.replace(/\s/g, '')].map(c => (c === '#' ? 1 : 0));

describe('maskOutline', () => {
  it('surrounds a block with four lines, each as long as the side', () => {
    const mask = grid(`
      . . . .
      . # # .
      . # # .
    `);
    expect(maskOutline(mask, 4, 3)).toEqual([
      { x0: 1, y0: 1, x1: 3, y1: 1 },
      { x0: 1, y0: 3, x1: 3, y1: 3 },
      { x0: 1, y0: 1, x1: 1, y1: 3 },
      { x0: 3, y0: 1, x1: 3, y1: 3 },
    ]);
  });

  it('outlines a hole as well', () => {
    const mask = grid(`
      # # #
      # . #
      # # #
    `);
    expect(maskOutline(mask, 3, 3)).toContainEqual({ x0: 1, y0: 1, x1: 2, y1: 1 });
    expect(maskOutline(mask, 3, 3)).toHaveLength(8);
  });

  it('draws nothing for an empty mask', () => {
    expect(maskOutline(grid('. . . .'), 2, 2)).toEqual([]);
  });
});
