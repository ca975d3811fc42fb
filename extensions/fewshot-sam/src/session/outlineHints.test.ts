import { outlineHints } from './outlineHints';

const SERIES = { from: 0, to: 29 };
const slicesOf = (hints: ReturnType<typeof outlineHints>) =>
  hints.map(({ sliceIndex, reason }) => [sliceIndex, reason.kind]);

test('first beyond the outlines at which the structure has not ended', () => {
  const outlined = new Map([
    [10, 900],
    [14, 1000],
    [18, 400],
  ]);
  expect(slicesOf(outlineHints(outlined, SERIES))).toEqual([
    [6, 'end'],
    [22, 'end'],
  ]);
});

test('then the middle of the widest gap', () => {
  const outlined = new Map([
    [5, 100],
    [9, 1000],
    [19, 1000],
    [21, 90],
  ]);
  expect(outlineHints(outlined, SERIES)).toEqual([
    { sliceIndex: 14, reason: { kind: 'gap', after: 9, before: 19 } },
    { sliceIndex: 7, reason: { kind: 'gap', after: 5, before: 9 } },
  ]);
});

test('then what came out least sure', () => {
  const outlined = new Map([
    [5, 100],
    [8, 1000],
    [11, 90],
  ]);
  const confidences = new Map([
    [6, 0.7],
    [7, 0.6],
    [8, 0.1],
    [9, 0.9],
  ]);
  expect(outlineHints(outlined, SERIES, confidences)).toEqual([
    { sliceIndex: 7, reason: { kind: 'unsure', confidence: 0.6 } },
    { sliceIndex: 6, reason: { kind: 'unsure', confidence: 0.7 } },
  ]);
});

test('names a slice once', () => {
  const outlined = new Map([
    [5, 100],
    [10, 1000],
    [15, 90],
  ]);
  const confidences = new Map([
    [8, 0.5],
    [13, 0.7],
  ]);
  expect(slicesOf(outlineHints(outlined, SERIES, confidences))).toEqual([
    [8, 'gap'],
    [13, 'gap'],
  ]);
  expect(slicesOf(outlineHints(new Map([...outlined].slice(0, 2)), SERIES, confidences))).toEqual([
    [15, 'end'],
    [8, 'gap'],
  ]);
});

test('never outside the range, and nothing before the first outline', () => {
  const outlined = new Map([
    [0, 900],
    [3, 900],
  ]);
  expect(slicesOf(outlineHints(outlined, { from: 0, to: 4 }))).toEqual([[4, 'end']]);
  expect(outlineHints(new Map(), SERIES)).toEqual([]);
});

test('never where the user says that the structure is not, or beyond', () => {
  const outlined = new Map([
    [10, 900],
    [14, 1000],
    [18, 400],
  ]);
  const hints = (absent: number[]) => slicesOf(outlineHints(outlined, SERIES, new Map(), absent));
  // Below, slice 9 is still open; above, nothing is. Gaps come next.
  expect(hints([8, 19])).toEqual([
    [9, 'end'],
    [12, 'gap'],
  ]);
  expect(hints([9, 12, 19])).toEqual([[16, 'gap']]);
});
