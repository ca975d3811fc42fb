import { acceptedOf } from './benchRow';
import { failed, row } from './testRows';

const right = { index: 3, truth: 4, predicted: 4, intersection: 4 };
const wrong = { index: 4, truth: 4, predicted: 4, intersection: 1 };

describe('acceptedOf', () => {
  it('is what the row says', () => {
    expect(acceptedOf(row('a', 'paper', { accepted_unchanged: 0.25, per_slice: [right] }))).toBe(
      0.25,
    );
    expect(acceptedOf(row('a', 'paper', { accepted_unchanged: null }))).toBeNull();
  });

  it('follows from the slices where an earlier build did not say it', () => {
    expect(acceptedOf(row('a', 'paper', { per_slice: [right, wrong] }))).toBe(0.5);
    expect(acceptedOf(row('a', 'paper'))).toBeNull();
  });

  it('counts a failure 0, and not what a method cannot do', () => {
    expect(acceptedOf(failed('a', 'paper', 'found nowhere'))).toBe(0);
    expect(acceptedOf(failed('a', 'interpolate', 'cannot', null))).toBeNull();
  });
});
