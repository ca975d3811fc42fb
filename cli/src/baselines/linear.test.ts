/** On small made-up embeddings; with the real encoder in `tokenMethod.test.ts`. */
import { learnLinear, standardize, tokenSamples } from './linear';

describe('tokenSamples', () => {
  it('takes every token that holds image, weighted by how much', () => {
    const samples = tokenSamples([
      {
        // Two channels, three tokens; the last one is padding.
        embedding: Float32Array.of(1, 2, 3, 10, 20, 30),
        coverage: Float32Array.of(1, 0.25, 0),
        valid: Float32Array.of(1, 0.5, 0),
      },
      {
        embedding: Float32Array.of(4, 5, 6, 40, 50, 60),
        coverage: Float32Array.of(0, 0, 0.1),
        valid: Float32Array.of(0, 0, 1),
      },
    ]);
    expect(samples.features).toBe(2);
    expect([...samples.values]).toEqual([1, 10, 2, 20, 6, 60]);
    expect([...samples.targets]).toEqual([1, 0.5, Math.fround(0.1)]);
    expect([...samples.importance]).toEqual([1, 0.5, 1]);
  });
});

describe('standardize', () => {
  it('brings each feature to mean 0 and deviation 1, and one that never changes to 0', () => {
    const samples = {
      features: 2,
      values: Float32Array.of(1, 7, 3, 7, 5, 7, 7, 7),
      targets: new Float32Array(4),
      importance: new Float32Array(4),
    };
    const { mean, deviation } = standardize(samples);
    expect([...mean]).toEqual([4, 7]);
    expect([...deviation]).toEqual([Math.sqrt(5), 1]);
    expect([...samples.values]).toEqual(
      [-3, 0, -1, 0, 1, 0, 3, 0].map(value => Math.fround(value / Math.sqrt(5))),
    );
  });
});

describe('learnLinear', () => {
  const shot = {
    // Two channels on another scale, eight tokens; the first channel shows the structure.
    embedding: Float32Array.of(9, 9, 5, 5, 5, 5, 5, 5, 100, 300, 100, 300, 100, 300, 100, 300),
    coverage: Float32Array.of(0.4, 0.4, 0, 0, 0, 0, 0, 0),
    valid: new Float32Array(8).fill(1),
  };

  it('finds a structure that never fills half of a token', async () => {
    const { logits } = await learnLinear([shot]);
    const found = Array.from(logits(shot.embedding), logit => (logit > 0 ? '#' : '.')).join('');
    expect(found).toBe('##......');
  });

  it('judges tokens that it has not seen by the channel that matters', async () => {
    const { logits, losses } = await learnLinear([shot]);
    const unseen = Float32Array.of(8.5, 5.5, 9.5, 4, /* second channel */ 200, 200, 0, 400);
    expect(Array.from(logits(unseen), logit => logit > 0)).toEqual([true, false, true, false]);
    expect(losses.length).toBe(300);
  });
});
