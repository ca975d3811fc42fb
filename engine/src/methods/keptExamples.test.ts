import { joinExamples, partExamples } from './keptExamples';

const [decoder, heads] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];

it('keeps both kinds in one file', () => {
  expect(partExamples(joinExamples(decoder, heads), 'paper')).toEqual({ decoder, heads });
});

it('leaves a file of one kind as it is', () => {
  expect(partExamples(decoder, 'paper')).toEqual({ decoder });
  expect(partExamples(heads, 'head')).toEqual({ heads });
});

it('rejects a file that is cut off', () => {
  const joined = joinExamples(decoder, heads);
  for (const length of [45, joined.length - heads.length - 1]) {
    expect(() => partExamples(joined.subarray(0, length), 'paper')).toThrow('are cut off');
  }
});
