import { encoderFrame } from '../sam/encoderFrame';
import { Joiner } from './join';
import { cellsPerToken, maskToTokens } from './tokenLabels';

const SIDE = 32;
const GRID = { rows: SIDE, columns: SIDE, rowSpacing: 1, columnSpacing: 1 };

function disk(radius: number): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    Math.hypot(Math.floor(i / SIDE) - 16, (i % SIDE) - 16) <= radius ? 1 : 0,
  );
}

/** Pixels found on a slice between a large disk on slice 0 and a small one on slice 3, which alone tell. */
function areaOn(index: number, positions: number[]): number {
  const slice = { ...GRID, pixels: new Float32Array(SIDE * SIDE), index: 0, identity: '' };
  const frame = encoderFrame(slice);
  const cells = cellsPerToken(frame);
  const labels = new Map([
    [0, disk(12)],
    [3, disk(4)],
  ]);
  const joiner = new Joiner(labels, slice, frame, cells, at => positions[at]);
  const unsure = maskToTokens(disk(0), frame, cells).fill(0.5);
  const { logits } = joiner.join(
    index,
    { below: 0, above: 3 },
    { fromBelow: unsure, fromAbove: unsure },
    new Uint8Array(SIDE * SIDE),
    { logits: new Float32Array(64) },
    0,
  );
  return logits.filter(logit => logit > 0).length;
}

describe('Joiner', () => {
  it('interpolates outlines by where slices lie, not by their number', () => {
    const even = [0, 3, 6, 9];
    expect(areaOn(1, even)).toBeGreaterThan(areaOn(2, even));
    // Slices 1 and 2 lie right beside slice 0.
    const uneven = [0, 1, 2, 20];
    expect(areaOn(2, uneven)).toBeGreaterThan(areaOn(1, even));
    expect(areaOn(2, uneven)).toBeGreaterThan(300);
  });

  it('takes half from what was found when a slice was matched again, and judges both ways as before', () => {
    const slice = { ...GRID, pixels: new Float32Array(SIDE * SIDE), index: 0, identity: '' };
    const frame = encoderFrame(slice);
    const cells = cellsPerToken(frame);
    const labels = new Map([0, 2].map(index => [index, disk(6)]));
    const joiner = new Joiner(labels, slice, frame, cells, at => 3 * at, false);
    const [small, large] = [disk(6), disk(10)].map(mask => maskToTokens(mask, frame, cells));
    const [gray, model] = [new Uint8Array(SIDE * SIDE), { logits: new Float32Array(64) }];
    const join = (again?: Float32Array) =>
      joiner.join(
        1,
        { below: 0, above: 2 },
        { fromBelow: small, fromAbove: large, rematched: again },
        gray,
        model,
        1,
      );
    const inside = (again?: Float32Array) => join(again).logits.filter(logit => logit > 0.5).length;
    expect(inside(large)).toBeGreaterThan(inside(small) + 100);
    expect(join(large).agreement).toBe(join().agreement);
    expect(join(small).agreement).toBe(join().agreement);
  });

  it('knows how far a slice lies beyond the outlines', () => {
    const slice = { ...GRID, pixels: new Float32Array(0), index: 0, identity: '' };
    const labels = new Map([
      [1, disk(5)],
      [2, disk(5)],
    ]);
    const positions = [0, 5, 6, 10];
    const joiner = new Joiner(labels, slice, encoderFrame(slice), 4, at => positions[at]);
    expect([0, 1, 2, 3].map(index => joiner.beyondMm(index))).toEqual([5, 0, 0, 4]);
  });
});
