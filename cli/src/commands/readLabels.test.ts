import { labelVolume } from './readLabels';

const grid = {
  size: [3, 1, 2] as [number, number, number],
  spacing: [1, 1, 1] as [number, number, number],
  origin: [0, 0, 0] as [number, number, number],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const segment = (number: number, slice: number, ...mask: number[]) => ({
  number,
  masks: new Map([[slice, Uint8Array.from(mask)]]),
});

describe('labelVolume', () => {
  it('holds segment numbers, slice by slice', () => {
    const volume = labelVolume([segment(2, 1, 0, 1, 1), segment(4, 0, 1, 0, 0)], grid, [[2], [4]]);
    expect([...volume.data]).toEqual([4, 0, 0, 0, 2, 2]);
  });

  it('lets segments that are not wanted give way', () => {
    const segments = [segment(1, 0, 1, 1, 0), segment(2, 0, 0, 1, 1)];
    expect([...labelVolume(segments, grid, [[1]]).data.subarray(0, 3)]).toEqual([1, 1, 2]);
    expect([...labelVolume(segments, grid, [[2]]).data.subarray(0, 3)]).toEqual([1, 2, 2]);
  });

  it('lets segments of one structure overlap, but not those of two', () => {
    const segments = [segment(1, 0, 1, 1, 0), segment(2, 0, 0, 1, 1)];
    expect([...labelVolume(segments, grid, [[1, 2]]).data.subarray(0, 3)]).toEqual([1, 2, 2]);
    expect(() => labelVolume(segments, grid, [[1], [2]])).toThrow(
      'Segments 1 and 2 overlap on slice 0.',
    );
  });
});
