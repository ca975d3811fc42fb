import { neighbours, shapeInterpolation } from './interpolate';
import { signedDistance } from './signedDistance';

/** Rows of `#` inside and `.` outside. */
function draw(...rows: string[]): Uint8Array {
  return Uint8Array.from(rows.join(''), pixel => (pixel === '#' ? 1 : 0));
}

const GRID = { rows: 1, columns: 9, rowSpacing: 1, columnSpacing: 1 };

describe('signedDistance', () => {
  it('is positive inside and changes sign halfway between two pixels', () => {
    const distance = signedDistance(draw('..####...'), GRID);
    expect([...distance]).toEqual([-1.5, -0.5, 0.5, 1.5, 1.5, 0.5, -0.5, -1.5, -2.5]);
  });

  it('is in mm', () => {
    const distance = signedDistance(draw('..####...'), {
      ...GRID,
      rowSpacing: 2,
      columnSpacing: 2,
    });
    expect([...distance.slice(0, 4)]).toEqual([-3, -1, 1, 3]);
  });

  it('is infinite where there is no outline', () => {
    expect(signedDistance(draw('.........'), GRID).every(value => value === -Infinity)).toBe(true);
    expect(signedDistance(draw('#########'), GRID).every(value => value === Infinity)).toBe(true);
  });
});

describe('neighbours', () => {
  it('finds the nearest labelled slice on each side', () => {
    expect(neighbours(5, [9, 1, 3])).toEqual({ below: 3, above: 9 });
    expect(neighbours(0, [9, 1, 3])).toEqual({ below: null, above: 1 });
    expect(neighbours(10, [9, 1, 3])).toEqual({ below: 9, above: null });
    expect(neighbours(3, [9, 1, 3])).toEqual({ below: 3, above: 3 });
  });
});

describe('shapeInterpolation', () => {
  const labels = new Map([
    [2, draw('.##......')],
    [6, draw('.######..')],
  ]);
  const mask = (index: number) =>
    [...shapeInterpolation(labels, GRID)(index)].map(value => (value > 0 ? '#' : '.')).join('');

  it('moves the outline evenly from one labelled slice to the next', () => {
    expect([2, 3, 4, 5, 6].map(mask)).toEqual([
      '.##......',
      '.###.....',
      '.####....',
      '.#####...',
      '.######..',
    ]);
  });

  it('copies the nearest labelled slice beyond the ends', () => {
    expect(mask(0)).toBe(mask(2));
    expect(mask(9)).toBe(mask(6));
  });

  it('leaves the labelled masks as they are', () => {
    const before = [...labels.values()].map(label => [...label]);
    mask(4);
    expect([...labels.values()].map(label => [...label])).toEqual(before);
  });
});
