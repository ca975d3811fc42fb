import { encoderFrame } from '../sam/encoderFrame';
import { cutMask } from '../image/fieldOfView';
import { cellsPerToken, maskToTokens, pasteCrop, tokensToCrop } from './tokenLabels';

const slice = (rows: number, columns: number) => ({
  rows,
  columns,
  rowSpacing: 1,
  columnSpacing: 1,
});

describe('labels of tokens', () => {
  it.each([
    [64, 1],
    [128, 2],
    [256, 4],
    [512, 4],
  ])('a crop of %d pixels needs %d cells per token', (pixels, cells) => {
    expect(cellsPerToken(encoderFrame(slice(pixels, pixels)))).toBe(cells);
  });

  it.each([
    [64, 64],
    [128, 96],
    [200, 256],
  ])('a disk on %d x %d pixels comes back as it was', (rows, columns) => {
    const disk = Uint8Array.from({ length: rows * columns }, (_, i) =>
      Math.hypot(Math.floor(i / columns) - rows / 2, (i % columns) - columns / 3) < rows / 5
        ? 1
        : 0,
    );
    const frame = encoderFrame(slice(rows, columns));
    const cells = cellsPerToken(frame);
    const back = tokensToCrop(maskToTokens(disk, frame, cells), frame, cells);
    const wrong = disk.filter((value, i) => value !== (back[i] > 0.5 ? 1 : 0)).length;
    expect(wrong).toBeLessThanOrEqual(0.02 * disk.filter(Boolean).length);
  });

  it('cuts a crop and pastes it back', () => {
    const frame = encoderFrame(slice(3, 4), { row: 1, column: 2, rows: 2, columns: 2 });
    // prettier-ignore
    const values = Uint8Array.from([
      1, 1, 1, 1,
      1, 1, 0, 1,
      1, 1, 1, 0,
    ]);
    const cut = cutMask(values, frame, frame.crop);
    expect([...cut]).toEqual([0, 1, 1, 0]);
    // prettier-ignore
    expect([...pasteCrop(cut, new Uint8Array(12), frame)]).toEqual([
      0, 0, 0, 0,
      0, 0, 0, 1,
      0, 0, 1, 0,
    ]);
  });
});
