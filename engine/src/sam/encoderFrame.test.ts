import { encoderFrame, LOW_RES_SIZE, logitsToSlice, maskToLowRes } from './encoderFrame';
import type { Mask } from '../image/slice';

const geometry = (rows: number, columns: number, rowSpacing = 1, columnSpacing = 1) => ({
  rows,
  columns,
  rowSpacing,
  columnSpacing,
});

/** A disc in mm, so that it is a disc in the world whatever the pixels' shape. */
function disc(slice: ReturnType<typeof geometry>, center: [number, number], radius: number): Mask {
  const mask = new Uint8Array(slice.rows * slice.columns);
  for (let row = 0; row < slice.rows; row++) {
    for (let column = 0; column < slice.columns; column++) {
      const y = (row + 0.5) * slice.rowSpacing - center[0];
      const x = (column + 0.5) * slice.columnSpacing - center[1];
      if (Math.hypot(x, y) <= radius) mask[row * slice.columns + column] = 1;
    }
  }
  return mask;
}

const grid = (...lines: string[]): Mask =>
  Uint8Array.from(lines.join('').replace(/ /g, ''), character => (character === '#' ? 1 : 0));

/** What a decoder that answers with the coverage itself would give back. */
function roundTrip(mask: Mask, frame: ReturnType<typeof encoderFrame>): Mask {
  const { coverage } = maskToLowRes(mask, frame);
  return Uint8Array.from(logitsToSlice(coverage, frame, 0), value => (value > 0.5 ? 1 : 0));
}

function iou(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.length; i++) {
    both += a[i] & b[i];
    either += a[i] | b[i];
  }
  return both / either;
}

describe('encoderFrame', () => {
  it('fills the encoder input with a square slice', () => {
    expect(encoderFrame(geometry(512, 512))).toMatchObject({ height: 1024, width: 1024 });
  });

  it('brings the longest side to 1024 and pads the other', () => {
    expect(encoderFrame(geometry(200, 400))).toMatchObject({ height: 512, width: 1024 });
  });

  it('honors pixels that are not square', () => {
    expect(encoderFrame(geometry(100, 100, 3, 1))).toMatchObject({ height: 1024, width: 341 });
  });

  it.each([
    ['beyond the last row', { row: 5, column: 0, rows: 6, columns: 4 }],
    ['before the first column', { row: 0, column: -1, rows: 4, columns: 4 }],
    ['of no size', { row: 0, column: 0, rows: 0, columns: 4 }],
    ['of broken pixels', { row: 0.5, column: 0, rows: 4, columns: 4 }],
  ])('refuses a crop %s', (_, crop) => {
    expect(() => encoderFrame(geometry(10, 10), crop)).toThrow('does not lie inside the slice');
  });

  it('refuses unknown spacing', () => {
    expect(() => encoderFrame(geometry(10, 10, 0, 1))).toThrow('0 x 1 mm');
    expect(() => encoderFrame(geometry(10, 10, NaN, 1))).toThrow('NaN x 1 mm');
  });
});

describe('masks in SAM low-resolution frame and back', () => {
  it('spreads each pixel over its share of the frame', () => {
    const frame = encoderFrame(geometry(4, 4));
    const { coverage, valid } = maskToLowRes(
      grid('. # . .', '. . . .', '. . . .', '. . . #'),
      frame,
    );
    const at = (row: number, column: number) => coverage[row * LOW_RES_SIZE + column];
    expect([at(0, 63), at(0, 64), at(0, 127), at(0, 128)]).toEqual([0, 1, 1, 0]);
    expect([at(63, 64), at(64, 64), at(255, 255), at(192, 192), at(191, 192)]).toEqual([
      1, 0, 1, 1, 0,
    ]);
    expect(valid.every(value => value === 1)).toBe(true);
  });

  it('is half as fine for embeddings of half as many tokens', () => {
    const frame = encoderFrame(geometry(4, 8));
    const mask = Uint8Array.from({ length: 32 }, (_, i) => Number(i % 8 < 3));
    const { coverage, valid } = maskToLowRes(mask, frame, 128);
    expect([coverage.length, valid.length]).toEqual([128 ** 2, 128 ** 2]);
    expect([coverage[47], coverage[48]]).toEqual([1, 0]);
    // The lower half is padding.
    expect([valid[63 * 128], valid[64 * 128]]).toEqual([1, 0]);
    const logits = coverage.map(share => 8 * (2 * share - 1));
    expect(logitsToSlice(logits, frame).map(logit => Number(logit > 0))).toEqual(
      Float32Array.from(mask),
    );
  });

  it('averages many pixels to a coverage that keeps the area', () => {
    const slice = geometry(1000, 1000);
    const mask = disc(slice, [400, 600], 150);
    const { coverage } = maskToLowRes(mask, encoderFrame(slice));
    const area = coverage.reduce((sum, value) => sum + value, 0) * (1000 / 256) ** 2;
    expect(area).toBeCloseTo(
      mask.reduce((sum, value) => sum + value, 0),
      0,
    );
  });

  it('marks the padding as not valid', () => {
    const frame = encoderFrame(geometry(4, 8));
    const { valid } = maskToLowRes(new Uint8Array(32).fill(1), frame);
    expect(valid[127 * LOW_RES_SIZE]).toBe(1);
    expect(valid[128 * LOW_RES_SIZE]).toBe(0);
  });

  it('gives a partly valid pixel the coverage of its valid part', () => {
    const frame = encoderFrame(geometry(100, 100, 3, 1));
    const { coverage, valid } = maskToLowRes(new Uint8Array(10000).fill(1), frame);
    expect(valid[85]).toBeCloseTo(0.25, 5);
    expect(coverage[85]).toBeCloseTo(1, 5);
  });

  it('finds every pixel of a small slice again', () => {
    const mask = grid(
      '. . # # . .',
      '. # # # # .',
      '# # . . # #',
      '. # # # . .',
      '# . . . . #',
      '# . # # . #',
    );
    expect(roundTrip(mask, encoderFrame(geometry(6, 6)))).toEqual(mask);
  });

  it.each([
    ['512 x 512', geometry(512, 512), [200, 300], 150],
    ['more columns than rows', geometry(300, 512), [140, 260], 110],
    ['more rows than columns, odd size', geometry(501, 333), [301, 120], 100],
    ['pixels of 0.5 x 1.2 mm', geometry(400, 200, 0.5, 1.2), [90, 130], 70],
    ['smaller than the low-resolution frame', geometry(96, 60, 2, 2), [90, 61], 45],
  ] as const)('keeps a big disc: %s', (_, slice, center, radius) => {
    const mask = disc(slice, [...center], radius);
    expect(iou(roundTrip(mask, encoderFrame(slice)), mask)).toBeGreaterThan(0.97);
  });

  it('keeps a disc inside a crop and leaves the rest to background', () => {
    const slice = geometry(512, 512);
    const mask = disc(slice, [200, 300], 40);
    const crop = { row: 140, column: 230, rows: 120, columns: 150 };
    const back = roundTrip(mask, encoderFrame(slice, crop));
    expect(iou(back, mask)).toBeGreaterThan(0.99);

    const frame = encoderFrame(slice, crop);
    const logits = logitsToSlice(new Float32Array(256 * 256).fill(3), frame);
    expect(logits[139 * 512 + 300]).toBeLessThan(-10);
    expect(logits[140 * 512 + 230]).toBeCloseTo(3);
    expect(logits[259 * 512 + 379]).toBeCloseTo(3);
    expect(logits[260 * 512 + 300]).toBeLessThan(-10);
  });

  it('never lets the padding into the result', () => {
    const frame = encoderFrame(geometry(100, 201));
    const logits = new Float32Array(256 * 256).fill(NaN);
    logits.fill(1, 0, Math.ceil(frame.height / 4) * 256);
    expect(logitsToSlice(logits, frame).every(value => Math.abs(value - 1) < 1e-5)).toBe(true);
  });

  it('does not shift: a disc keeps its center', () => {
    const slice = geometry(300, 400, 0.8, 0.7);
    const mask = disc(slice, [101, 133], 60);
    const center = (values: Mask) => {
      let row = 0;
      let column = 0;
      let count = 0;
      values.forEach((value, i) => {
        row += value * Math.floor(i / 400);
        column += value * (i % 400);
        count += value;
      });
      return [row / count, column / count];
    };
    const [row, column] = center(mask);
    const [rowBack, columnBack] = center(roundTrip(mask, encoderFrame(slice)));
    expect(Math.abs(rowBack - row)).toBeLessThan(0.05);
    expect(Math.abs(columnBack - column)).toBeLessThan(0.05);
  });
});
