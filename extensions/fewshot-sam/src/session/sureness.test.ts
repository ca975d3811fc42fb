import { sureness } from './sureness';

test.each([
  [0.5, 0],
  [0.75, 1],
  [0.87, 1],
  [0.88, 2],
  [1, 2],
])('an expected Dice of %s is level %s of sureness', (confidence, level) => {
  expect(sureness(confidence)).toBe(level);
});

test.each([0.5, 0.75, 0.88, 0.95, 1])(
  'no slice beyond the outlines is sure (expected Dice %s)',
  confidence => {
    expect(sureness(confidence, 'extrapolated')).toBeLessThan(2);
    expect(sureness(confidence, 'extrapolated')).toBe(confidence < 0.75 ? 0 : 1);
  },
);

test('without a promise a slice is unsure', () => {
  expect(sureness(0.95, 'no-promise')).toBe(0);
});
