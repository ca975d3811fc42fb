import {
  bodyCenter,
  cutMask,
  cutPixels,
  extentMm,
  pasteOntoSlice,
  squareAround,
} from './fieldOfView';

/** A slice drawn in digits. */
function drawn(...lines: string[]) {
  return {
    pixels: Float32Array.from(lines.join(''), Number),
    rows: lines.length,
    columns: lines[0].length,
  };
}

const window = { low: 1, high: 5 };

describe('bodyCenter', () => {
  it('is where the brightness lies', () => {
    expect(bodyCenter(drawn('00000', '00550', '00550'), window)).toEqual({ row: 2, column: 3 });
  });

  it('counts from the lower end of the window up to the upper one', () => {
    expect(bodyCenter(drawn('5119'), window)).toEqual({ row: 0.5, column: 2 });
  });

  it('is the middle of an empty slice', () => {
    expect(bodyCenter(drawn('000', '010'), window)).toEqual({ row: 1, column: 1.5 });
  });
});

it('extentMm is the larger side', () => {
  expect(extentMm({ rows: 10, columns: 30, rowSpacing: 4, columnSpacing: 1 })).toBe(40);
});

describe('squareAround', () => {
  it('is square in mm, not in pixels', () => {
    const center = { row: 10, column: 6 };
    expect(squareAround({ rowSpacing: 1, columnSpacing: 2 }, center, 8)).toEqual({
      row: 6,
      column: 4,
      rows: 8,
      columns: 4,
    });
  });

  it('may reach beyond the slice', () => {
    const spacing = { rowSpacing: 1, columnSpacing: 1 };
    expect(squareAround(spacing, { row: 1, column: 1 }, 6)).toMatchObject({ row: -2, column: -2 });
  });
});

describe('cutting and pasting', () => {
  const slice = drawn('123', '456');
  const beyond = { row: -1, column: 1, rows: 3, columns: 3 };

  it('pads what lies beyond the slice', () => {
    expect(cutPixels(slice, beyond, 9)).toEqual(drawn('999', '239', '569').pixels);
    const mask = Uint8Array.of(0, 1, 1, 1, 0, 1);
    expect(cutMask(mask, slice, beyond)).toEqual(Uint8Array.of(0, 0, 0, 1, 1, 0, 0, 1, 0));
  });

  it('puts values back where they were cut, and fills the rest', () => {
    const cut = cutPixels(slice, beyond, 9);
    expect(pasteOntoSlice(cut, slice, beyond, 0)).toEqual(drawn('023', '056').pixels);
    const around = { row: -1, column: -1, rows: 5, columns: 5 };
    expect(pasteOntoSlice(cutPixels(slice, around, 9), slice, around, 0)).toEqual(slice.pixels);
  });
});
