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
