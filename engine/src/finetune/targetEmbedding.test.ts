import { targetEmbedding, tokenCoverage } from './targetEmbedding';

/** `#` is 1, `.` is 0; digits stand for themselves. */
const grid = (...rows: string[]) =>
  Float32Array.from([...rows.join('')].map(c => (c === '#' ? 1 : c === '.' ? 0 : Number(c))));

describe('targetEmbedding', () => {
  it('is the mean embedding of the covered tokens', () => {
    // Two channels of 2 x 2 tokens; the mask is 4 x 4, so a token covers 2 x 2 of it.
    const embedding = Float32Array.from([...grid('24', '68'), ...grid('10', '01')]);
    const mask = grid(
      '##..', //
      '##..',
      '##..',
      '##..',
    );
    // The two tokens of the left column: channel 0 holds 2 and 6, channel 1 holds 1 and 0.
    expect([...targetEmbedding(embedding, mask, 2)]).toEqual([4, 0.5]);
  });

  it('weights a token by its covered share, so that a single pixel counts', () => {
    const embedding = grid('24', '68');
    const mask = grid('....', '.##.', '....', '....');
    expect(tokenCoverage(mask, 2)).toEqual(Float32Array.of(0.25, 0.25, 0, 0));
    expect([...targetEmbedding(embedding, mask, 1)]).toEqual([3]);
  });

  it('rejects an empty region', () => {
    expect(() => targetEmbedding(grid('24', '68'), new Float32Array(16), 1)).toThrow(
      'outside the part of the slice that the model sees',
    );
  });
});
