import { planeOf, type Volume } from 'fewshot-sam';
import { evaluate } from './evaluate';

/** Axial planes drawn in digits, in DICOM's voxel order, 2 mm apart. */
function drawn(...planes: string[][]): Volume {
  return {
    data: Float32Array.from(planes.flat().join(''), Number),
    size: [planes[0][0].length, planes[0].length, planes.length],
    spacing: [1, 1, 2],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
}

const labels = drawn(['1100'], ['1100'], ['1103'], ['1100']);
const axial = planeOf(labels, 'axial');
const masks = (...planes: string[][]) => Uint8Array.from(drawn(...planes).data);

describe('evaluate', () => {
  it('leaves the shots out of every figure', () => {
    // Wrong on the shots alone: as if perfect.
    const predicted = masks(['1111'], ['1100'], ['1100'], ['1111']);
    expect(evaluate(predicted, labels, axial, [1], [0, 3])).toMatchObject({
      iou: 1,
      dice: 1,
      assdMm: 0,
      accepted: 1,
    });
  });

  it('counts all test slices together', () => {
    // Slice 1: 1 of 2 found. Slice 2: both, and one too many.
    const predicted = masks(['1100'], ['1000'], ['1110'], ['1100']);
    const result = evaluate(predicted, labels, axial, [1], [0, 3]);
    expect(result.iou).toBeCloseTo(3 / 5, 12);
    expect(result.dice).toBeCloseTo(6 / 8, 12);
    // Dice 2/3 and 4/5.
    expect(result.accepted).toBe(0);
    // Surface voxels on slices 1 and 2: of the prediction 1 + 3, of the truth 2 + 2. Two of the
    // eight are 1 mm from the other surface.
    expect(result.assdMm).toBeCloseTo(2 / 8, 12);
  });

  it('counts the pixels of each test slice', () => {
    const predicted = masks(['1100'], ['1000'], ['1110'], ['1100']);
    expect(evaluate(predicted, labels, axial, [1], [0, 3]).perSlice).toEqual([
      { index: 1, truth: 2, predicted: 1, intersection: 1 },
      { index: 2, truth: 2, predicted: 3, intersection: 2 },
    ]);
  });

  it('says which of several merged labels was found', () => {
    const predicted = masks(['1100'], ['1000'], ['1100'], ['1100']);
    expect(evaluate(predicted, labels, axial, [1, 3, 7], [0, 3]).perLabel).toEqual([
      { label: 1, voxels: 4, found: 3 / 4 },
      { label: 3, voxels: 1, found: 0 },
      { label: 7, voxels: 0, found: null },
    ]);
  });

  it('works along any axis', () => {
    // Sagittal slices are columns of the drawing: column 0 was a shot, column 1 was missed.
    const predicted = masks(['1000'], ['1000'], ['1000'], ['1000']);
    const result = evaluate(predicted, labels, planeOf(labels, 'sagittal'), [1], [0]);
    expect(result).toMatchObject({ iou: 0, dice: 0 });
    expect(result.assdMm).toBeCloseTo(1, 12);
  });
});
