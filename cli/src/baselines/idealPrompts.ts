import { connectedComponents, type Mask, type Slice, squaredDistances } from 'fewshot-sam';
import type { EncoderFrame } from 'fewshot-sam/compute';
import type { BoxPrompt, PointPrompt } from 'fewshot-sam/tensorflow';

type Grid = Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>;

/** The best prompts that a user could give SAM for one connected part of a true mask. */
export interface IdealPrompts {
  /** The pixel of the part farthest from its outside. */
  point: PointPrompt;
  /** The smallest box around the part. */
  box: BoxPrompt;
}

/**
 * Derives prompts from the truth as in Xie et al.: for each 8-connected part of the mask, however small,
 * the maximum of its distance map as a positive point, and its tight box.
 *
 * Pixels beyond the slice count as outside. Of equal maxima, takes the first in memory.
 *
 * @param frame maps the slice to the encoder input, the grid of the prompts
 */
export function idealPrompts(truth: Mask, grid: Grid, frame: EncoderFrame): IdealPrompts[] {
  const { labels, components } = connectedComponents(truth, [grid.columns, grid.rows, 1]);
  const { crop } = frame;
  // Map an edge between pixels of the slice to the encoder input, whose pixel k ends at k + 1.
  const x = (column: number) => ((column - crop.column) * frame.width) / crop.columns;
  const y = (row: number) => ((row - crop.row) * frame.height) / crop.rows;
  return components.map(({ label, low, high }) => {
    const [column, row] = innermost(labels, label, low, high, grid);
    const [left, top] = [x(low[0]), y(low[1])];
    return {
      point: { x: x(column + 0.5) - 0.5, y: y(row + 0.5) - 0.5, isForeground: true },
      box: {
        left,
        top,
        // The last pixel. On a slice finer than the encoder input it may also be the first.
        right: Math.max(left, x(high[0] + 1) - 1),
        bottom: Math.max(top, y(high[1] + 1) - 1),
      },
    };
  });
}

/** Returns column and row of the pixel of a component that is farthest, in mm, from its outside. */
function innermost(
  labels: Int32Array,
  label: number,
  [left, top]: readonly number[],
  [right, bottom]: readonly number[],
  { columns, rowSpacing, columnSpacing }: Grid,
): [column: number, row: number] {
  // The nearest outside pixel always lies in the box with a margin of one pixel.
  const width = right - left + 3;
  const height = bottom - top + 3;
  const outside = new Uint8Array(width * height).fill(1);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (labels[row * columns + column] !== label) continue;
      outside[(row - top + 1) * width + (column - left + 1)] = 0;
    }
  }
  const distances = squaredDistances(outside, [width, height, 1], [columnSpacing, rowSpacing, 1]);
  let best = 0;
  for (let i = 1; i < distances.length; i++) if (distances[i] > distances[best]) best = i;
  return [left - 1 + (best % width), top - 1 + Math.floor(best / width)];
}
