import { grayLogits, learnGray, type GrayShot } from './grayEvidence';

/** One row of pixels of 1 mm; the first half is inside. */
function shot(inside: number, outside: number): GrayShot {
  const distance = Float32Array.of(5.5, 2.5, 1.5, 0.5, -0.5, -1.5, -2.5, -5.5);
  // What lies far from the outline is of another gray, and must not count.
  const gray = Uint8Array.from(distance, mm =>
    Math.abs(mm) > 3 ? 128 : mm > 0 ? inside : outside,
  );
  return { gray, distance };
}

describe('gray values', () => {
  it('speak for the structure where it is brighter than its surroundings, and against it there', () => {
    const model = learnGray([shot(200, 60), shot(204, 56)], 1);
    const [bright, dark, far] = grayLogits(Uint8Array.of(202, 58, 128), model, 3, 3);
    expect(bright).toBeGreaterThan(0.8);
    expect(dark).toBeLessThan(-0.8);
    expect(Math.abs(far)).toBeLessThan(0.01);
  });

  it('say nothing where structure and surroundings look alike', () => {
    const model = learnGray([shot(100, 100)], 1);
    for (const logit of model.logits) expect(Math.abs(logit)).toBeLessThan(0.01);
  });

  it('of small pixels count together with those around them', () => {
    const model = learnGray([shot(200, 60)], 1);
    const speck = Uint8Array.of(200, 200, 200, 200, 60, 200, 200, 200, 200);
    const [large, small] = [3, 0.5].map(pixelMm => grayLogits(speck, model, 3, pixelMm)[4]);
    expect(large).toBeLessThan(-0.8);
    expect(small).toBeGreaterThan(0);
  });

  it('measure the band in pixels', () => {
    const { logits } = learnGray([shot(200, 60)], 2);
    expect(Math.abs(logits[128 >> 2])).toBeLessThan(0.01);
    expect(logits[200 >> 2]).toBeGreaterThan(0);
  });
});
