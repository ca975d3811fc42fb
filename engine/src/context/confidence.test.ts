import {
  calibrate,
  diceLogit,
  expectedDice,
  pooledDice,
  softDice,
  supported,
  directionAgreement,
} from './confidence';

const shares = (values: number[]) => Float32Array.from(values);
const SURE = [1, 1, 1, 0, 0, 0];
const UNSURE = [0.6, 0.6, 0.6, 0.4, 0.4, 0.4];

describe('confidence', () => {
  it('is what the probabilities promise', () => {
    expect(softDice(Float32Array.from(SURE))).toBe(1);
    expect(softDice(Float32Array.from(UNSURE))).toBeCloseTo((2 * 1.8) / (3 + 3), 5);
  });

  it('has none for an empty slice', () => {
    expect(diceLogit(shares([0, 0.1, 0]), null)).toBeNull();
  });

  it('is lower where probabilities are, and where both ways disagree', () => {
    const sure = diceLogit(shares(SURE), 1)!;
    expect(diceLogit(shares(UNSURE), 1)!).toBeLessThan(sure);
    expect(diceLogit(shares(SURE), 0.4)!).toBeLessThan(sure);
  });

  it('compares what came from both ways, and knows one way alone', () => {
    expect(directionAgreement(shares(SURE), shares(SURE))).toBe(1);
    expect(directionAgreement(shares(SURE), shares([0, 0, 1, 1, 1, 0]))).toBeCloseTo(1 / 3, 5);
    expect(directionAgreement(shares(SURE), null)).toBeNull();
    expect(directionAgreement(shares([0]), shares([0]))).toBeNull();
    expect(diceLogit(shares(SURE), null)).toBeGreaterThan(2);
  });

  it('counts large slices more in the Dice of all', () => {
    const slice = (pixels: number, confidence?: number) => ({
      mask: new Uint8Array(9).fill(1, 0, pixels),
      confidence,
    });
    expect(pooledDice([slice(9, 0.9), slice(1, 0.4), slice(0)])).toBeCloseTo(0.85, 5);
    expect(pooledDice([slice(0)])).toBeUndefined();
  });

  describe('is supported by the image', () => {
    const seen = { continuity: 0.9, contrast: 0.7, beyondMm: 0, widthMm: 30 };

    const clear = { looks: 0.3, place: 0.5, separability: 0.75 };
    const faint = { looks: 0.05, place: 0.5, separability: 0.05 };
    const invisible = { looks: 0.002, place: 0.5, separability: 0.01 };

    it('stays where the image shows the structure, by gray values or by what tokens look like', () => {
      expect(supported(0.95, seen, clear)).toBe(0.95);
      expect(supported(0.95, seen, { ...clear, looks: 0 })).toBe(0.95);
      expect(supported(0.95, seen, faint)).toBe(0.95);
    });

    it('falls with what the image does not show', () => {
      expect(supported(0.95, seen, invisible)).toBeLessThan(0.1);
      expect(supported(0.95, { ...seen, continuity: 0 }, clear)).toBe(0);
      expect(supported(0.95, { ...seen, contrast: 0.05 }, clear)).toBeLessThan(0.2);
    });

    it('does not judge an outline by gray values that tell nothing', () => {
      expect(supported(0.95, { ...seen, contrast: 0 }, faint)).toBe(0.95);
    });

    it('is never sure beyond the outlines, and falls with the distance from them', () => {
      const near = supported(0.98, { ...seen, beyondMm: 3 }, clear);
      expect(near).toBeLessThan(0.88);
      expect(supported(0.98, { ...seen, beyondMm: 30 }, clear)).toBeLessThan(near / 1.5);
    });
  });

  it('counts what has no promise because it is blank as nothing', () => {
    const mask = new Uint8Array(4).fill(1);
    expect(
      pooledDice([
        { mask, confidence: 0.8 },
        { mask, blank: true },
      ]),
    ).toBeCloseTo(0.4, 5);
    expect(pooledDice([{ mask, blank: true }])).toBeUndefined();
  });

  it('learns from labeled slices that this structure is harder than most', () => {
    const expectedLogit = 2.5;
    expect(expectedDice(expectedLogit, 0)).toBeCloseTo(0.924, 3);
    const harder = calibrate([
      { expectedLogit, dice: 0.7 },
      { expectedLogit, dice: 0.7 },
    ]);
    expect(expectedDice(expectedLogit, harder)).toBeLessThan(0.92);
    expect(expectedDice(expectedLogit, harder)).toBeGreaterThan(0.7);
    expect(calibrate([])).toBe(0);
  });
});
