import {
  apart,
  decodeDraft,
  encodeDraft,
  maskOfRuns,
  renumbered,
  runsOfMask,
  type Draft,
} from './draft';

const mask = (text: string) => Uint8Array.from(text, Number);

const draft: Draft = {
  size: 6,
  segments: [
    {
      segmentIndex: 3,
      label: 'Liver',
      masks: new Map([
        [2, mask('011001')],
        [4, mask('000111')],
      ]),
      predicted: [4],
      leftOut: [2],
      absent: [4, 9],
    },
  ],
  review: {
    seconds: 12.5,
    learnedFrom: '3 2-17',
    review: {
      structures: [
        {
          segmentIndex: 3,
          label: 'Liver',
          color: [221, 84, 84],
          masks: new Map([[5, mask('110000')]]),
          confidences: new Map([[5, 0.8]]),
          empty: new Set([6]),
          notSearched: new Set([9]),
          expectedDice: 0.8,
        },
      ],
      decisions: new Map([[3, new Map([[5, 'accepted' as const]])]]),
    },
  },
};

test.each(['000000', '111111', '011001', '100000'])('a mask as runs and back: %s', text => {
  expect(maskOfRuns(runsOfMask(mask(text)), 6)).toEqual(mask(text));
});

test('comes back as it was', async () => {
  expect(decodeDraft(await encodeDraft(draft), 6)).toEqual(draft);
  expect(decodeDraft(await encodeDraft({ ...draft, review: null }), 6)?.review).toBeNull();
});

test('an altered file, another version or another series is no draft', async () => {
  const text = await encodeDraft(draft);
  expect(decodeDraft(text.slice(0, -5), 6)).toBeNull();
  expect(decodeDraft(text, 7)).toBeNull();
  expect(decodeDraft(text.replace('"version":1', '"version":0'), 6)).toBeNull();
  expect(decodeDraft(text.replace('[3,3]', '[3,4]'), 6)).toBeNull();
});

test('a segment may have another number when it comes back', () => {
  const { structures, decisions } = renumbered(draft.review!.review, new Map([[3, 1]]));
  expect(structures.map(({ segmentIndex }) => segmentIndex)).toEqual([1]);
  expect([...decisions.keys()]).toEqual([1]);
  expect(renumbered(draft.review!.review, new Map()).structures).toEqual([]);
});

describe('apart', () => {
  const segment = (label: string, masks: Record<number, string>) => ({
    ...draft.segments[0],
    label,
    masks: new Map(Object.entries(masks).map(([slice, text]) => [Number(slice), mask(text)])),
  });
  const names = async (...segments: ReturnType<typeof segment>[]) =>
    (await apart(segments)).map(group => group.map(({ label }) => label).join(' '));

  it('leaves together what does not overlap', async () => {
    const first = segment('first', { 1: '110000', 2: '110000' });
    const second = segment('second', { 2: '001100', 3: '111111' });
    expect(await names(first, second)).toEqual(['first second']);
  });

  it('parts what overlaps anywhere, each with the first that it fits to', async () => {
    const liver = segment('liver', { 1: '111100', 2: '111111' });
    const tumour = segment('tumour', { 1: '001000' });
    const vessel = segment('vessel', { 1: '011000' });
    const spleen = segment('spleen', { 1: '000011' });
    expect(await names(liver, tumour, vessel, spleen)).toEqual([
      'liver spleen',
      'tumour',
      'vessel',
    ]);
  });
});
