import { matchLabels } from './matchLabels';
import type { Volume } from 'fewshot-sam';

/** One axial plane drawn in digits, in DICOM's voxel order. */
function drawn(rows: string[], geometry: Partial<Volume> = {}): Volume {
  return {
    data: Float32Array.from(rows.join(''), Number),
    size: [rows[0].length, rows.length, 1],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    ...geometry,
  };
}

const rowsOf = ({ data, size }: Volume) =>
  Array.from({ length: size[1] }, (_, row) =>
    [...data.subarray(row * size[0], (row + 1) * size[0])].join(''),
  );

describe('matchLabels', () => {
  const image = drawn(['0000', '0000', '0000'], { origin: [10, 20, 30] });

  it('keeps labels that are on the image’s grid', () => {
    const labels = drawn(['1200', '0030', '0004'], { origin: [10, 20, 30] });
    expect(rowsOf(matchLabels(labels, image))).toEqual(['1200', '0030', '0004']);
  });

  it('finds labels of a mirrored voxel order by their position', () => {
    const mirrored = drawn(['0021', '0300', '4000'], {
      origin: [13, 20, 30],
      direction: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    expect(rowsOf(matchLabels(mirrored, image))).toEqual(['1200', '0030', '0004']);
  });

  it('finds labels whose axes are swapped', () => {
    const transposed = drawn(['100', '200', '030', '004'], {
      origin: [10, 20, 30],
      direction: [0, 1, 0, 1, 0, 0, 0, 0, 1],
    });
    expect(rowsOf(matchLabels(transposed, image))).toEqual(['1200', '0030', '0004']);
  });

  it('takes the nearest voxel of coarser labels', () => {
    const coarse = drawn(['12'], { origin: [10.5, 21, 30], spacing: [2, 3, 1] });
    expect(rowsOf(matchLabels(coarse, image))).toEqual(['1122', '1122', '1122']);
  });

  it('is 0 where the labels do not reach', () => {
    const small = drawn(['5'], { origin: [12, 21, 30] });
    expect(rowsOf(matchLabels(small, image))).toEqual(['0000', '0050', '0000']);
  });

  it('refuses labels of another place, and says where both lie', () => {
    const elsewhere = drawn(['1'], { origin: [500, 20, 30] });
    expect(() => matchLabels(elsewhere, image)).toThrow(
      '(500.0, 20.0, 30.0) and (11.5, 21.0, 30.0)',
    );
  });
});
