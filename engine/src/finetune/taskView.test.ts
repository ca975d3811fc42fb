import type { Mask, Slice } from '../image/slice';
import { asSlice, chooseView, viewOf } from './taskView';

const WINDOW = { low: 0, high: 100 };

/** A body of 40 x 40 mm on a grid, and a structure of 8 x 4 mm, 10 mm to the right of its center. */
function study(spacing: number, sideMm: number, bodyMm: { row: number; column: number }) {
  const size = sideMm / spacing;
  const isInside = (i: number, height: number, width: number, right: number) => {
    const row = (Math.floor(i / size) + 0.5) * spacing - bodyMm.row;
    const column = ((i % size) + 0.5) * spacing - bodyMm.column - right;
    return Math.abs(row) < height / 2 && Math.abs(column) < width / 2;
  };
  const pixels = Float32Array.from({ length: size * size }, (_, i) =>
    isInside(i, 40, 40, 0) ? 60 : -1000,
  );
  const mask: Mask = Uint8Array.from(pixels, (_, i) => (isInside(i, 8, 4, 10) ? 1 : 0));
  const grid = { rows: size, columns: size, rowSpacing: spacing, columnSpacing: spacing };
  const slice: Slice = { pixels, ...grid, index: 4, identity: 'drawn' };
  return { slice, mask };
}

describe('chooseView', () => {
  const { slice, mask } = study(1, 60, { row: 30, column: 30 });
  const viewOfMask = (drawn: Mask) =>
    chooseView([{ slices: [slice], labels: new Map([[4, drawn]]), window: WINDOW }]);

  it('is centered on the structure, and half as wide as the study if the structure is small', () => {
    expect(viewOfMask(mask)).toEqual({
      fieldOfViewMm: 30,
      offsetMm: [0, 10],
    });
  });

  it('includes a large structure and its surroundings, but no more than the study', () => {
    const wide = mask.map((_, i) => (i % 60 > 10 && i % 60 <= 30 && i < 60 ? 1 : 0));
    expect(viewOfMask(wide).fieldOfViewMm).toBeCloseTo(1.8 * 20);
    const all = mask.map(() => 1);
    expect(viewOfMask(all).fieldOfViewMm).toBe(60);
  });

  it('includes the structure of every study, and is no wider than the smallest study', () => {
    const other = study(0.5, 50, { row: 25, column: 20 });
    const studies = [
      { slices: [slice], labels: new Map([[4, mask]]), window: WINDOW },
      { slices: [other.slice], labels: new Map([[4, other.mask]]), window: WINDOW },
    ];
    expect(chooseView(studies)).toEqual({ fieldOfViewMm: 25, offsetMm: [0, 10] });
  });
});

describe('viewOf', () => {
  it('shows the same part of a body in another place, on another grid', async () => {
    const learned = study(1, 60, { row: 30, column: 30 });
    const labels = new Map([[4, learned.mask]]);
    const view = chooseView([{ slices: [learned.slice], labels, window: WINDOW }]);
    const other = study(0.5, 100, { row: 70, column: 40 });
    const { slice, rectangle } = await viewOf(other.slice, WINDOW, view);
    expect(rectangle).toEqual({ row: 110, column: 70, rows: 60, columns: 60 });
    expect(slice.pixels[30 * 60 + 30]).toBe(60);
  });

  it('is dark beyond the slice', async () => {
    const { slice } = study(1, 40, { row: 20, column: 20 });
    const view = { fieldOfViewMm: 60, offsetMm: [0, 0] as [number, number] };
    const seen = await viewOf(slice, WINDOW, view);
    expect(seen.slice.pixels[0]).toBe(WINDOW.low);
    expect(seen.slice.rows).toBe(60);
  });
});

it('asSlice identifies a slice by its pixels', async () => {
  const { slice } = study(1, 40, { row: 20, column: 20 });
  const whole = { row: 0, column: 0, rows: 40, columns: 40 };
  const [first, again, other] = await Promise.all([
    asSlice({ pixels: Float32Array.from(slice.pixels) }, slice, whole),
    asSlice({ pixels: Float32Array.from(slice.pixels) }, slice, whole),
    asSlice({ pixels: new Float32Array(1600) }, slice, whole),
  ]);
  expect(first.identity).toBe(again.identity);
  expect(first.identity).not.toBe(other.identity);
  expect(first.index).toBe(4);
});
