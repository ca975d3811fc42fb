/** The arithmetic; that the method segments is tested in `tokenMethod.test.ts`. */
import { cosineSimilarity } from './prototype';

describe('cosineSimilarity', () => {
  it('compares directions, whatever the lengths', () => {
    // Two channels, four tokens: the same direction, the opposite one, a right angle, 45 degrees.
    const embedding = Float32Array.of(2, -1, 0, 5, /* second channel */ 0, 0, 3, 5);
    const similarity = cosineSimilarity(embedding, Float32Array.of(0.5, 0));
    [1, -1, 0, Math.SQRT1_2].forEach((wanted, i) => expect(similarity[i]).toBeCloseTo(wanted, 6));
  });

  it('is 0 where a vector has no length', () => {
    expect([...cosineSimilarity(Float32Array.of(0, 1, 0, 0), Float32Array.of(1, 0))]).toEqual([
      0, 1,
    ]);
    expect([...cosineSimilarity(Float32Array.of(1, 1), Float32Array.of(0, 0))]).toEqual([0]);
  });
});
