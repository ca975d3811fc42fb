import { withGiven } from '../session/review';
import {
  collectingCaveats,
  collectingStates,
  countCaveats,
  countStates,
  outlinedTitle,
  STATE_WORDS,
  type SliceState,
} from './sliceStates';

const LETTERS: Record<SliceState, string> = {
  drawn: 'D',
  given: 'g',
  predicted: 'p',
  accepted: 'a',
  rejected: 'r',
  empty: 'e',
  absent: 'x',
  'outside-range': '-',
  'not-searched': '_',
  open: '.',
};
const text = (states: SliceState[]) => states.map(state => LETTERS[state]).join('');

describe('collectingStates', () => {
  it('marks drawn slices and the range', () => {
    expect(text(collectingStates(8, [2, 5], [2, 5], { from: 1, to: 6 }))).toBe('-.D..D.-');
  });

  it('marks slices on which the structure is not, unless something is there', () => {
    const range = { from: 0, to: 5 };
    expect(text(collectingStates(6, [2], [2, 3], range, [], [0, 3, 5]))).toBe('x.Dp.x');
  });

  it('tells drawn slices from those an earlier run segmented', () => {
    expect(text(collectingStates(6, [1, 4], [1, 2, 3, 4], { from: 0, to: 5 }))).toBe('.DppD.');
  });

  it('tells slices without the structure from those that no run has tried', () => {
    const kept = ['drawn', 'predicted', 'empty', 'empty', 'outside-range'] as const;
    const range = { from: 0, to: 4 };
    expect(text(collectingStates(5, [0, 3], [0, 1, 3], range, [...kept]))).toBe('DpeD.');
  });

  it('shows what was drawn outside the range too: it is learned from', () => {
    expect(text(collectingStates(5, [0], [0], { from: 2, to: 4 }))).toBe('D-...');
  });
});

describe('countStates', () => {
  it('leaves out what does not occur and keeps the order of the legend', () => {
    const states = collectingStates(6, [1, 4], [1, 4], { from: 1, to: 5 });
    expect([...countStates(states)]).toEqual([
      ['drawn', 2],
      ['open', 3],
      ['outside-range', 1],
    ]);
  });
});

describe('collectingCaveats', () => {
  const range = { from: 0, to: 7 };

  it('marks segmented slices that no outline bounds', () => {
    const states = collectingStates(8, [2, 4], [1, 2, 3, 4, 5], range);
    const caveats = collectingCaveats(states);
    expect(caveats.map(caveat => (caveat ? 'x' : '.')).join('')).toBe('.x...x..');
    expect(countCaveats(caveats, states, 'extrapolated')).toBe(2);
  });

  it('marks nothing where nobody outlined anything', () => {
    const caveats = collectingCaveats(collectingStates(8, [], [1, 2], range));
    expect(caveats.every(caveat => caveat === null)).toBe(true);
  });
});

describe('slices that a stored segmentation brought', () => {
  it('are not said to be outlined by the user', () => {
    const states = withGiven(['drawn', 'open', 'drawn', 'predicted'], [0, 3]);
    expect(states).toEqual(['given', 'open', 'drawn', 'predicted']);
    expect(STATE_WORDS.given).toBe('segmented already');
  });

  it.each([
    [[], 'Slices you outlined'],
    [[1, 2], 'Slices segmented already'],
    [[1], 'Outlined or segmented already'],
  ])('%j of the slices 1 and 2: %s', (given, title) => {
    expect(outlinedTitle([1, 2], given)).toBe(title);
  });
});
