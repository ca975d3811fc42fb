/**
 * Tests that are too long for `npm test`. `npm run test:slow` runs them, and so does
 * `npm run test:everything`.
 */
export const isSlowRun = process.env.TEST_SLOW === '1';

/** The test's name, and why it is skipped where it is. */
export const slow = (name: string) =>
  isSlowRun ? `${name} (slow)` : `${name} (slow: skipped, npm run test:slow runs it)`;

/** `it`, or `it.skip` in `npm test`. Give it a name from `slow`. */
export const slowIt = () => (isSlowRun ? it : it.skip);
