import { probabilities } from '../job/segmented';
import { seededRandom } from '../numeric/random';
import { FINE_CELLS } from './headInput';
import { chooseThreshold, fitRefinement, refineLogits, type HeldOutSlice } from './refinement';

const CELLS = FINE_CELLS ** 2;

/** A bright disk that heads find blurred and too large. */
function disk(radius: number, seed: number, inside = 0.7): HeldOutSlice {
  const random = seededRandom(seed);
  const slice = {
    group: seed,
    logits: new Float32Array(CELLS),
    gray: new Float32Array(CELLS),
    coverage: new Float32Array(CELLS),
  };
  for (let i = 0; i < CELLS; i++) {
    const distance = Math.hypot(
      Math.floor(i / FINE_CELLS) - FINE_CELLS / 2,
      (i % FINE_CELLS) - FINE_CELLS / 2,
    );
    slice.coverage[i] = distance < radius ? 1 : 0;
    slice.gray[i] = (distance < radius ? inside : 0.4) + 0.1 * (random() - 0.5);
    slice.logits[i] = (radius + 6 - distance) / 3;
  }
  return slice;
}

const wrongCells = ({ logits, coverage }: HeldOutSlice, threshold = 0.5) =>
  probabilities(logits).filter((p, i) => p > threshold !== coverage[i] > 0.5).length;

describe('refinement', () => {
  it('finds the boundary by the gray values of another patient', () => {
    const refinement = fitRefinement([disk(30, 1), disk(24, 2)])!;
    const other = disk(36, 3);
    const before = wrongCells(other);
    const logits = refineLogits(other.logits, other.gray, refinement);
    expect(before).toBeGreaterThan(1000);
    expect(wrongCells({ ...other, logits })).toBeLessThan(20);
    // Far from the structure nothing is found, however bright.
    const bright = refineLogits(new Float32Array(CELLS).fill(-9), other.gray, refinement);
    expect(Math.max(...bright)).toBe(-9);
  });

  it('leaves gray values out where patients differ in them', () => {
    const patients = [disk(30, 1, 0.7), disk(30, 2, 0.1), disk(30, 3, 0.4), disk(30, 4, 0.9)];
    const { knots, gains } = fitRefinement(patients)!;
    expect(knots).toHaveLength(1);
    expect(gains[0]).toBeGreaterThan(0.5);
  });

  it('tells nothing where heads found nothing', () => {
    const nowhere = { ...disk(30, 1), logits: new Float32Array(CELLS).fill(-8) };
    expect(fitRefinement([nowhere])).toBeNull();
  });

  it('keeps as many cells as heads find', () => {
    const slice = disk(30, 1);
    expect(chooseThreshold([{ ...slice, refined: slice.logits }])).toBeCloseTo(0.5, 2);
    const refined = slice.logits.map(logit => logit - 1);
    expect(chooseThreshold([{ ...slice, refined }])).toBeCloseTo(0.27, 2);
    const nothing = new Float32Array(CELLS).fill(-9);
    expect(chooseThreshold([{ logits: nothing, refined: nothing }])).toBe(0.5);
  });
});
