import { encoderInput } from './encoderInput';
import type { Slice } from '../image/slice';

const SIZE = 1024;
const PLANE = SIZE * SIZE;

function sliceOf(pixels: number[], rows: number, columns: number, spacing = [1, 1]): Slice {
  return {
    pixels: Float32Array.from(pixels),
    rows,
    columns,
    rowSpacing: spacing[0],
    columnSpacing: spacing[1],
    index: 7,
    identity: 'test',
  };
}

/** Back from SAM's normalization to 0..255, first channel. */
const gray = (input: Float32Array, row: number, column: number) =>
  input[row * SIZE + column] * 58.395 + 123.675;

describe('encoderInput', () => {
  const window = { low: -100, high: 300 };

  it('maps the window to 0..255, clips beyond it, and normalizes each channel as SAM', () => {
    const { input } = encoderInput(sliceOf([-500, 100, 300, 900], 2, 2), window);
    expect(gray(input, 0, 0)).toBeCloseTo(0, 3);
    expect(gray(input, 0, 1023)).toBeCloseTo(127.5, 3);
    expect(gray(input, 1023, 0)).toBeCloseTo(255, 3);
    expect(gray(input, 1023, 1023)).toBeCloseTo(255, 3);
    expect(input[PLANE]).toBeCloseTo(-116.28 / 57.12, 4);
    expect(input[2 * PLANE]).toBeCloseTo(-103.53 / 57.375, 4);
  });

  it('gives each channel its own color, under one window', () => {
    const slice = sliceOf([100], 1, 1);
    const [red, green, blue] = [300, 100, -100].map(value => Float32Array.of(value));
    const { input } = encoderInput({ ...slice, color: [red, green, blue] }, window);
    expect(gray(input, 500, 500)).toBeCloseTo(255, 3);
    expect(input[PLANE]).toBeCloseTo((127.5 - 116.28) / 57.12, 4);
    expect(input[2 * PLANE]).toBeCloseTo(-103.53 / 57.375, 4);
  });

  it('puts the slice top left and pads with zero after normalization', () => {
    const { input, frame } = encoderInput(sliceOf([300, 300], 1, 2), window);
    expect(frame).toMatchObject({ height: 512, width: 1024 });
    expect(gray(input, 511, 1023)).toBeCloseTo(255, 3);
    for (let channel = 0; channel < 3; channel++) {
      expect(input[channel * PLANE + 512 * SIZE]).toBe(0);
      expect(input[channel * PLANE + PLANE - 1]).toBe(0);
    }
  });

  it('keeps a ramp linear in mm when pixels are not square', () => {
    const rows = 40;
    const columns = 20;
    const pixels = Array.from({ length: rows * columns }, (_, i) => (i % columns) * 10 + 5);
    const { input, frame } = encoderInput(sliceOf(pixels, rows, columns, [1, 4]), {
      low: 0,
      high: 255,
    });
    expect(frame).toMatchObject({ height: 512, width: 1024 });
    // Column x of 1024 lies at 20 * (x + 0.5) / 1024 slice pixels from the left edge.
    for (const column of [100, 500, 900]) {
      expect(gray(input, 200, column)).toBeCloseTo((20 * (column + 0.5) * 10) / 1024, 2);
    }
  });

  it('shows only the crop', () => {
    const pixels = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10) * 25);
    const { input, frame } = encoderInput(
      sliceOf(pixels, 10, 10),
      { low: 0, high: 255 },
      { crop: { row: 4, column: 2, rows: 2, columns: 4 } },
    );
    expect(frame).toMatchObject({ height: 512, width: 1024 });
    expect(gray(input, 128, 500)).toBeCloseTo(100, 1);
    expect(gray(input, 384, 500)).toBeCloseTo(125, 1);
  });

  it('shows the same in an input of another size', () => {
    const pixels = Float32Array.from({ length: 200 }, (_, i) => 10 * (i % 20));
    const slice = sliceOf([...pixels], 10, 20);
    const large = encoderInput(slice, { low: 0, high: 255 });
    const small = encoderInput(slice, { low: 0, high: 255 }, { size: 448 });
    expect(small.input.length).toBe(3 * 448 * 448);
    expect(small.frame).toEqual(large.frame);
    for (const share of [0.05, 0.25, 0.45]) {
      const at = (size: number) => Math.round(share * size) * size + Math.round(2 * share * size);
      expect(small.input[at(448)]).toBeCloseTo(large.input[at(1024)], 1);
    }
    // Half of it is padding, here as there.
    expect(small.input[230 * 448 + 100]).toBe(0);
  });

  it('names a pixel that is not a number', () => {
    expect(() => encoderInput(sliceOf([0, 0, 0, NaN], 2, 2), window)).toThrow(
      'Slice 7 has a pixel that is not a number (row 1, column 1)',
    );
  });

  it('leaves the slice untouched', () => {
    const slice = sliceOf([-500, 100, 300, 900], 2, 2);
    encoderInput(slice, window);
    expect([...slice.pixels]).toEqual([-500, 100, 300, 900]);
  });
});
