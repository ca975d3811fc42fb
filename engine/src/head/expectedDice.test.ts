import { calibrateDice, expectedDice } from './expectedDice';

describe('expected Dice of a task', () => {
  it('is what the probabilities imply until held-out slices say otherwise', () => {
    expect(calibrateDice([])).toBe(0);
    expect(expectedDice(0.8, 0)).toBeCloseTo(0.8, 6);
    expect(expectedDice(1, 0)).toBeCloseTo(1, 6);
  });

  it('is lower where held-out slices were found worse than implied, and never out of range', () => {
    const worse = Array.from({ length: 20 }, () => ({ implied: 0.9, dice: 0.6 }));
    const calibration = calibrateDice(worse);
    expect(expectedDice(0.9, calibration)).toBeGreaterThan(0.6);
    expect(expectedDice(0.9, calibration)).toBeLessThan(0.75);
    // Few slices say less.
    expect(calibrateDice(worse.slice(0, 2))).toBeGreaterThan(calibration);
    const missed = calibrateDice(worse.map(({ implied }) => ({ implied, dice: 0 })));
    expect(expectedDice(1, missed)).toBeGreaterThan(0);
    expect(expectedDice(0.01, missed)).toBe(0);
  });
});
