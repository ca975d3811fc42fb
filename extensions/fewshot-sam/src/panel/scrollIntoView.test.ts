import { scrollNeeded } from './scrollIntoView';

const visible = { top: 100, bottom: 500 };

it('stays where an element is shown whole', () => {
  expect(scrollNeeded({ top: 200, bottom: 300 }, visible)).toBe(0);
});

it('scrolls down to what a footer covers, with a margin', () => {
  expect(scrollNeeded({ top: 450, bottom: 560 }, visible)).toBe(68);
});

it('scrolls up to what lies above', () => {
  expect(scrollNeeded({ top: 60, bottom: 160 }, visible)).toBe(-48);
});

it('shows the top of what is higher than the panel', () => {
  expect(scrollNeeded({ top: 300, bottom: 900 }, visible)).toBe(192);
});
