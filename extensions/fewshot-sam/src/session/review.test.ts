import type { FewshotResult } from 'fewshot-sam';
import { lookOrder, neighborInOrder, nextAfterDecision } from './lookOrder';
import {
  acceptedMasks,
  caveatOn,
  decide,
  mergeRefined,
  openSlices,
  outcomesOf,
  reviewOf,
  slicesToRefine,
} from './review';

const mask = (text: string) => Uint8Array.from(text, Number);
const LIVER = { segmentIndex: 1, label: 'Liver', color: [221, 84, 84] as [number, number, number] };
const SPLEEN = { ...LIVER, segmentIndex: 2, label: 'Spleen' };

/** Slice index -> mask, and how sure it is. */
function result(slices: Record<number, [string, number?]>, notSearched: number[] = []) {
  return {
    slices: Object.entries(slices).map(([index, [text, confidence]]) => ({
      index: Number(index),
      mask: mask(text),
      probability: () => Float32Array.from(text, value => Number(value) * (confidence ?? 0.6)),
      confidence,
    })),
    iterations: 0,
    losses: [],
    seconds: { encode: 0, fit: 0, propagate: 0 },
    embeddingsFromCache: 0,
    notSearched,
  } satisfies FewshotResult;
}

const found = reviewOf(
  [LIVER],
  [
    {
      segmentIndex: 1,
      result: result({ 1: ['11', 0.9], 2: ['10', 0.7], 4: ['01', 0.8], 5: ['00'], 6: ['00'] }, [6]),
    },
  ],
);
const [liver] = found.structures;
const none = new Set<number>();
const nobody = () => none;

test('tells every state of a slice apart; what was drawn comes first', () => {
  const review = decide(decide(found, [1], [1, 3], 'accepted'), [1], [2], 'rejected');
  expect(outcomesOf(review, liver, new Set([0]), 8)).toEqual([
    'drawn',
    'accepted',
    'rejected',
    'outside-range',
    'predicted',
    'empty',
    'not-searched',
    'outside-range',
  ]);
  expect(outcomesOf(review, liver, new Set([1]), 2)).toEqual(['outside-range', 'drawn']);
});

test('a decision can be taken back, and the review before it is left as it was', () => {
  const accepted = decide(found, [1], [1, 2], 'accepted');
  expect([...acceptedMasks(accepted, liver, none).keys()]).toEqual([1, 2]);
  expect([...acceptedMasks(decide(accepted, [1], [2], null), liver, none).keys()]).toEqual([1]);
  expect([...acceptedMasks(found, liver, none).keys()]).toEqual([]);
});

test('what somebody draws during the review is never written over', () => {
  const accepted = decide(found, [1], [1, 2, 4], 'accepted');
  expect([...acceptedMasks(accepted, liver, new Set([2])).keys()]).toEqual([1, 4]);
  expect(openSlices(found, [1], () => new Set([2]))).toEqual([1, 4]);
});

describe('the order in which to look', () => {
  it('puts slices without a promise first, and those beyond the outlines before any sure one', () => {
    const run = result({
      1: ['11', 0.99],
      2: ['11', 0.9],
      3: ['11', 0.8],
      4: ['11'],
      5: ['11', 0.89],
    });
    const slices = run.slices.map(slice => ({
      ...slice,
      ...(slice.index === 1 && { extrapolated: true }),
      ...(slice.index === 4 && { blank: true }),
    }));
    const review = reviewOf([LIVER], [{ segmentIndex: 1, result: { ...run, slices } }]);
    expect(lookOrder(review, [1], nobody)).toEqual([4, 3, 1, 5, 2]);
  });

  it('starts with the least sure', () => {
    expect(lookOrder(found, [1], nobody)).toEqual([2, 4, 1]);
  });

  it('is that of the series where nothing is known', () => {
    const unknown = reviewOf(
      [LIVER],
      [{ segmentIndex: 1, result: result({ 7: ['1'], 3: ['1'], 5: ['1'] }) }],
    );
    expect(lookOrder(unknown, [1], nobody)).toEqual([3, 5, 7]);
  });

  it('goes round in both directions', () => {
    expect(neighborInOrder([2, 4, 1], 4, 1)).toBe(1);
    expect(neighborInOrder([2, 4, 1], 1, 1)).toBe(2);
    expect(neighborInOrder([2, 4, 1], 2, -1)).toBe(1);
    expect(neighborInOrder([2, 4, 1], 9, 1)).toBe(2);
    expect(neighborInOrder([], 9, 1)).toBeNull();
  });

  it('goes on after a decision where it was', () => {
    expect(nextAfterDecision([2, 4, 1], [2, 1], 4)).toBe(1);
    expect(nextAfterDecision([2, 4, 1], [2, 4], 1)).toBe(2);
    expect(nextAfterDecision([2], [], 2)).toBeNull();
    expect(nextAfterDecision([2, 4], [2, 4], 9)).toBe(2);
  });
});

describe('two structures', () => {
  const two = reviewOf(
    [LIVER, SPLEEN],
    [
      { segmentIndex: 1, result: result({ 1: ['110', 0.9], 2: ['111', 0.9] }) },
      { segmentIndex: 2, result: result({ 1: ['011', 0.6], 3: ['111', 0.5] }) },
    ],
  );

  it('do not overlap', () => {
    expect(two.structures[0].masks.get(1)).toEqual(mask('110'));
    expect(two.structures[1].masks.get(1)).toEqual(mask('001'));
  });

  it('may overlap where each has a labelmap of its own', () => {
    const own = (segment: typeof LIVER, layer: string) => ({ ...segment, layer });
    const results = [
      { segmentIndex: 1, result: result({ 1: ['110', 0.9] }) },
      { segmentIndex: 2, result: result({ 1: ['011', 0.6] }) },
    ];
    const layered = reviewOf([own(LIVER, 'a'), own(SPLEEN, 'b')], results);
    expect(layered.structures.map(({ masks }) => masks.get(1))).toEqual([mask('110'), mask('011')]);
    const accepted = decide(layered, [1], [1], 'accepted');
    const again = mergeRefined(accepted, reviewOf([own(SPLEEN, 'b')], [results[1]]));
    expect(again.structures[1].masks.get(1)).toEqual(mask('011'));
    const together = reviewOf([own(LIVER, 'a'), own(SPLEEN, 'a')], results);
    expect(together.structures[1].masks.get(1)).toEqual(mask('001'));
  });

  it('are decided together or one by one', () => {
    const both = decide(two, [1, 2], [1], 'accepted');
    expect(openSlices(both, [1, 2], nobody)).toEqual([2, 3]);
    const one = decide(two, [2], [1], 'accepted');
    expect(openSlices(one, [1], nobody)).toEqual([1, 2]);
    expect(lookOrder(one, [1, 2], nobody)).toEqual([3, 1, 2]);
  });
});

describe('a second run', () => {
  const decided = decide(decide(found, [1], [1], 'accepted'), [1], [2], 'rejected');

  it('segments again what was not accepted and not drawn', () => {
    expect(slicesToRefine(decided, liver, new Set([4]))).toEqual([2, 5, 6]);
  });

  it('leaves accepted slices as they are and opens all others', () => {
    const again = reviewOf(
      [LIVER],
      [{ segmentIndex: 1, result: result({ 1: ['00'], 2: ['01', 0.95], 5: ['11', 0.6] }) }],
    );
    const merged = mergeRefined(decided, again);
    expect(merged.structures[0].masks).toEqual(
      new Map([
        [1, mask('11')],
        [2, mask('01')],
        [5, mask('11')],
      ]),
    );
    expect(outcomesOf(merged, merged.structures[0], none, 6)).toEqual([
      'outside-range',
      'accepted',
      'predicted',
      'outside-range',
      'outside-range',
      'predicted',
    ]);
    expect(lookOrder(merged, [1], nobody)).toEqual([5, 2]);
  });

  it('yields to what was accepted for another structure', () => {
    const two = reviewOf(
      [LIVER, SPLEEN],
      [
        { segmentIndex: 1, result: result({ 1: ['100', 0.9] }) },
        { segmentIndex: 2, result: result({ 1: ['001', 0.9] }) },
      ],
    );
    const again = reviewOf(
      [LIVER, SPLEEN],
      [{ segmentIndex: 2, result: result({ 1: ['111', 0.9] }) }],
    );
    const merged = mergeRefined(decide(two, [1], [1], 'accepted'), again);
    expect(merged.structures[1].masks.get(1)).toEqual(mask('011'));
    expect(merged.structures[0]).toBe(two.structures[0]);
  });
});

describe('what keeps a found slice from being sure', () => {
  const run = result({ 1: ['11', 0.9], 2: ['11', 0.9], 3: ['11'], 4: ['00'] });
  const slices = run.slices.map(slice => ({ ...slice, extrapolated: slice.index !== 2 }));
  const reviewOfAll = (more: object) =>
    reviewOf([LIVER], [{ segmentIndex: 1, result: { ...run, slices, ...more } }]).structures[0];

  it('is that it lies beyond the outlines, or that nothing is promised for it', () => {
    const structure = reviewOfAll({});
    expect([1, 2, 3, 4].map(slice => caveatOn(structure, slice))).toEqual([
      'extrapolated',
      null,
      'no-promise',
      null,
    ]);
  });

  it('is not said on every slice where the method never knows how sure it is', () => {
    const unknown = slices.map(slice => ({ ...slice, confidence: undefined }));
    expect(caveatOn(reviewOfAll({ slices: unknown }), 2)).toBeNull();
    const blank = unknown.map(slice => ({ ...slice, blank: slice.index === 2 }));
    expect(caveatOn(reviewOfAll({ slices: blank }), 2)).toBe('no-promise');
  });
});
