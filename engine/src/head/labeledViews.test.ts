import type { Embeddings } from '../job/embeddings';
import type { Slice } from '../image/slice';
import { chooseTileView, labeledParts } from './labeledViews';

/** A square image with square cells of a width, `apart` from one another. */
function image(index: number, side: number, width: number, apart: number) {
  const mask = Uint8Array.from({ length: side * side }, (_, i) =>
    (i % side) % apart < width && Math.floor(i / side) % apart < width ? 1 : 0,
  );
  const grid = { rows: side, columns: side, rowSpacing: 1, columnSpacing: 1 };
  const slice: Slice = { pixels: Float32Array.from(mask), ...grid, index, identity: `${index}` };
  // Nothing is encoded here.
  const embeddings = {} as Embeddings;
  const window = { low: 0, high: 1 };
  return { slices: [slice], labels: new Map([[index, mask]]), window, embeddings };
}

describe('chooseTileView', () => {
  it('sees small parts in tiles of one size, for images of any size', () => {
    const view = chooseTileView([image(0, 900, 20, 40), image(1, 400, 20, 40)]);
    expect(view).toMatchObject({ tiled: true, offsetMm: [0, 0] });
    expect(view.fieldOfViewMm / (24 * 20)).toBeCloseTo(1, 0);
  });

  it('sees images whole where the structure is large, at one scale', () => {
    const view = chooseTileView([image(0, 300, 100, 300), image(1, 200, 80, 200)]);
    expect(view.fieldOfViewMm).toBe(300);
  });

  it('sees no more than ten tiles along a side', () => {
    const view = chooseTileView([image(0, 1000, 2, 10), image(1, 200, 2, 10)]);
    expect(view.fieldOfViewMm).toBeGreaterThanOrEqual(92);
  });
});

describe('labeledParts', () => {
  const view = { fieldOfViewMm: 100, offsetMm: [0, 0] as [number, number], tiled: true as const };

  it('covers images, of which each is a study, with tiles', () => {
    const parts = labeledParts([image(0, 100, 10, 200), image(1, 170, 10, 200)], view);
    expect(parts.map(({ study, number, shows }) => [study, number, shows])).toEqual([
      [0, 0, true],
      [1, 1, true],
      ...[1, 2, 3].map(() => [1, 1, false]),
    ]);
  });

  it('learns from a bounded number of tiles, most of which show the structure', () => {
    const many = Array.from({ length: 30 }, (_, i) => image(i, 500, 10, 200));
    const parts = labeledParts(many, view);
    expect(parts.length).toBeLessThan(200);
    const shown = parts.filter(({ shows }) => shows).length;
    expect(shown / parts.length).toBeGreaterThan(0.5);
  });
});
