import type { HeadExample } from './examples';
import { foldsOf } from './trainHeads';

const NOTHING = { embedding: new Float32Array(0), gray: new Float32Array(0) };
const item = (study: number, slice: number, copy: number, isOutlined = true): HeadExample => ({
  ...{ ...NOTHING, study, slice, copy },
  coverage: Float32Array.of(isOutlined ? 1 : 0),
});

describe('what each head leaves out', () => {
  it('is a part of the studies, with all their slices and copies', () => {
    const items = [0, 1, 2, 3, 4, 5].flatMap(study => [
      item(study, 2 * study, 0),
      item(study, 2 * study, 1),
      item(study, 2 * study + 1, 0, false),
    ]);
    // Six studies, five heads: the first head leaves two of them out.
    expect(foldsOf(items)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 0, 0, 0]);
  });

  it('is a part of the slices where there are few studies, and never all outlined ones', () => {
    const items = [item(0, 0, 0), item(0, 0, 1), item(0, 1, 0, false), item(1, 2, 0)];
    expect(foldsOf(items)).toEqual([0, 0, 0, 1]);
  });

  it('is shared by studies that teach absence alone', () => {
    const items = [item(0, 0, 0, false), item(1, 1, 0), item(2, 2, 0), item(3, 3, 0)];
    expect(foldsOf(items)).toEqual([0, 0, 1, 2]);
  });
});
