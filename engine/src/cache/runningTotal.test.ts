import { RunningTotal } from './runningTotal';

describe('RunningTotal', () => {
  it('lists before the first write, then not until the limit is near', () => {
    const total = new RunningTotal(800);
    expect(total.needsListing(10)).toBe(true);
    total.listed(750);
    expect(total.needsListing(50)).toBe(false);
    total.wrote(50);
    expect(total.needsListing(1)).toBe(true);
  });

  it('lists after an eighth of the limit, because others may have written as much', () => {
    const total = new RunningTotal(800);
    total.listed(0);
    for (let i = 0; i < 10; i++) {
      expect(total.needsListing(10)).toBe(false);
      total.wrote(10);
    }
    expect(total.needsListing(10)).toBe(true);
    total.listed(300);
    expect(total.needsListing(10)).toBe(false);
  });
});
