import type { FewshotResult } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import { continuationsOf, refinementOf, type Continuation, type OpenReview } from './openReview';
import { decide, reviewOf } from './review';

const result = (continuation?: Continuation): FewshotResult => ({
  slices: [1, 2, 4].map(index => ({
    index,
    mask: Uint8Array.of(1, 0),
    probability: () => Float32Array.of(1, 0),
  })),
  iterations: 0,
  losses: [],
  seconds: { encode: 0, fit: 0, propagate: 0 },
  embeddingsFromCache: 0,
  continuation,
});
const learned = (high: number): Continuation => ({
  asked: { kind: 'percentile', low: 0.5, high: 99.5 },
  window: { low: 0, high },
});
const LIVER = { segmentIndex: 1, label: 'Liver', color: [221, 84, 84] as [number, number, number] };

describe('what a second run does', () => {
  const results = [{ segmentIndex: 1, result: result(learned(80)) }];
  const open: OpenReview = {
    review: decide(reviewOf([LIVER], results), [1], [2], 'accepted'),
    series: {} as Series,
    segmentationId: 'one',
    seconds: 1,
    learnedFrom: '',
    continuations: continuationsOf(results, undefined),
  };
  const drawn = () => new Set([0, 4]);

  it('segments what is neither drawn nor accepted, and goes on from the run before', () => {
    expect(refinementOf(open, drawn, false).get(1)).toEqual({
      labels: new Map(),
      targets: [1],
      continues: learned(80),
    });
  });

  it('learns from accepted slices when asked to', () => {
    const labels = new Map([[2, Uint8Array.of(1, 0)]]);
    expect(refinementOf(open, drawn, true).get(1)).toMatchObject({ labels, targets: [1] });
  });

  it('begins anew after a reload, when nothing is known of the run', () => {
    const refinement = refinementOf({ ...open, continuations: undefined }, drawn, false);
    expect(refinement.get(1)).not.toHaveProperty('continues');
  });
});

it('knows of each structure what its latest run knew', () => {
  const first = continuationsOf(
    [
      { segmentIndex: 1, result: result(learned(80)) },
      { segmentIndex: 2, result: result(learned(90)) },
      { segmentIndex: 3, result: result() },
    ],
    undefined,
  );
  const second = continuationsOf([{ segmentIndex: 2, result: result(learned(95)) }], first);
  expect([...second]).toEqual([
    [1, learned(80)],
    [2, learned(95)],
  ]);
});
