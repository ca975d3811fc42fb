import { encoderFrame } from '../sam/encoderFrame';
import type { Mask } from '../image/slice';
import { cropAround } from './cropAround';
import { encoderSize, thickness } from './encoderSize';

const SIDE = 128;

function draw(isInside: (row: number, column: number) => boolean): Mask {
  const mask = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = isInside(Math.floor(i / SIDE) - SIDE / 2, (i % SIDE) - SIDE / 2) ? 1 : 0;
  }
  return mask;
}

const disk = (radius: number) => draw((y, x) => Math.hypot(x, y) < radius);
const ring = (radius: number, width: number) =>
  draw((y, x) => Math.abs(Math.hypot(x, y) - radius) < width / 2);

/** As `context` asks: in the crop around what is outlined. */
function measured(masks: Mask[], [rowSpacing, columnSpacing] = [1, 1]) {
  const slice = { rows: SIDE, columns: SIDE, rowSpacing, columnSpacing };
  const frame = encoderFrame(slice, cropAround(masks, slice));
  return { thickness: thickness(masks, slice, frame), size: encoderSize(masks, slice, frame) };
}

describe('thickness', () => {
  it('of a disk is its share of the crop, whatever its size', () => {
    // A crop is 1.8 times as wide as the structure.
    const ofDisk = 32 / 1.8;
    expect(Math.abs(measured([disk(30)]).thickness / ofDisk - 1)).toBeLessThan(0.1);
    expect(Math.abs(measured([disk(12)]).thickness / ofDisk - 1)).toBeLessThan(0.1);
  });

  it('of a ring is twice the width of its wall', () => {
    const { thickness: thin } = measured([ring(30, 4)]);
    expect(thin).toBeCloseTo((2 * 4 * 32) / (64 * 1.8), 0);
  });

  it('counts mm, not pixels', () => {
    // Twice as high as wide in pixels, a disk in mm.
    const ellipse = draw((y, x) => Math.hypot(x, y / 2) < 25);
    const round = measured([ellipse], [0.5, 1]).thickness;
    expect(Math.abs(round / measured([disk(25)]).thickness - 1)).toBeLessThan(0.05);
  });

  it('takes all outlines together, empty ones too', () => {
    const one = measured([disk(30)]).thickness;
    expect(measured([disk(30), new Uint8Array(SIDE * SIDE), disk(30)]).thickness).toBeCloseTo(one);
    const both = measured([disk(30), ring(30, 4)]).thickness;
    expect(both).toBeLessThan(one);
  });

  it('does not look across the border of the slice', () => {
    const whole = new Uint8Array(SIDE * SIDE).fill(1);
    expect(measured([whole]).thickness).toBeCloseTo((32 * 4) / Math.PI, 1);
  });
});

describe('encoderSize', () => {
  it('is small for what is thick, and 1024 for what is thin', () => {
    expect(measured([disk(30)]).size).toBe(448);
    expect(measured([disk(5)]).size).toBe(448);
    expect(measured([ring(30, 4)]).size).toBe(1024);
  });
});
