import { MarksOfSlices, VoxelMarks } from './filledMarks';
import type { SliceVoxels } from './labelmap';

describe('VoxelMarks', () => {
  it('hold what was set, whatever the order', () => {
    const marks = new VoxelMarks();
    const marked = new Set<number>();
    for (let i = 0; i < 4000; i++) {
      const position = (i * 7919) % 5000;
      const isMarked = i % 3 > 0;
      marks.set(position, isMarked);
      if (isMarked) marked.add(position);
      else marked.delete(position);
    }
    for (let i = 0; i < 6000; i++) expect(marks.has(i)).toBe(marked.has(i));
  });
});

describe('MarksOfSlices', () => {
  it('tell slices and labels apart', () => {
    const marks = new MarksOfSlices();
    const [one, other] = [{}, {}] as SliceVoxels[];
    marks.set(one, 1, 9, true);
    expect(marks.of(one, 1)?.has(9)).toBe(true);
    expect(marks.of(one, 2)).toBeNull();
    expect(marks.of(other, 1)).toBeNull();
    marks.set(other, 1, 9, false);
    expect(marks.of(other, 1)).toBeNull();
  });
});
