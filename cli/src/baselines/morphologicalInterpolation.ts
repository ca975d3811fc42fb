import type { morphologicalContourInterpolationNode } from '@itk-wasm/morphological-contour-interpolation';
import { FewshotError, type Mask, type Method } from 'fewshot-sam';
import { outlineMethod, type Grid, type Outlines } from './outlineMethod';

/**
 * What OHIF itself offers to fill the slices between outlines: ITK's morphological contour
 * interpolation (Albu, Beugeling and Laurendeau, IEEE Trans. Biomed. Eng. 55, 2008) with its
 * default settings. Beyond the first and the last labelled slice it finds nothing. Node only.
 */
export const interpolate: Method = outlineMethod('interpolate', async (labels, grid) => {
  // ITK knows outlines alone, not slices on which the structure is absent.
  const outlines = new Map([...labels].filter(([, mask]) => mask.includes(1)));
  const box = boundingBox(outlines, grid);
  const filled = await interpolateStack(stack(outlines, grid, box), grid, box, outlines);
  const plane = box.rows * box.columns;
  return index => {
    const mask: Mask = new Uint8Array(grid.rows * grid.columns);
    const position = index - box.slice;
    if (position < 0 || position >= box.slices) return mask;
    for (let row = 0; row < box.rows; row++) {
      const from = position * plane + row * box.columns;
      const to = (box.row + row) * grid.columns + box.column;
      mask.set(filled.subarray(from, from + box.columns), to);
    }
    return mask;
  };
});

type ItkImage = Parameters<typeof morphologicalContourInterpolationNode>[0];

/** The part of the volume that can hold the structure: ITK takes time and memory for all it is given. */
interface Box {
  slice: number;
  row: number;
  column: number;
  slices: number;
  rows: number;
  columns: number;
}

/** Room for ITK to move and grow a region in, in pixels. */
const MARGIN = 4;

function boundingBox(outlines: Outlines, { rows, columns }: Grid): Box {
  let [top, bottom, left, right] = [rows, -1, columns, -1];
  for (const mask of outlines.values()) {
    mask.forEach((inside, i) => {
      if (!inside) return;
      const [row, column] = [Math.floor(i / columns), i % columns];
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
      left = Math.min(left, column);
      right = Math.max(right, column);
    });
  }
  const row = Math.max(0, top - MARGIN);
  const column = Math.max(0, left - MARGIN);
  const indices = [...outlines.keys()];
  const slice = Math.min(...indices);
  return {
    slice,
    row,
    column,
    slices: Math.max(...indices) - slice + 1,
    rows: Math.min(rows, bottom + 1 + MARGIN) - row,
    columns: Math.min(columns, right + 1 + MARGIN) - column,
  };
}

/** The labelled slices at their positions in the box, the others empty. */
function stack(outlines: Outlines, { columns }: Grid, box: Box): Uint8Array<ArrayBuffer> {
  const plane = box.rows * box.columns;
  const data = new Uint8Array(box.slices * plane);
  for (const [index, mask] of outlines) {
    for (let row = 0; row < box.rows; row++) {
      const from = (box.row + row) * columns + box.column;
      const to = (index - box.slice) * plane + row * box.columns;
      data.set(mask.subarray(from, from + box.columns), to);
    }
  }
  return data;
}

async function interpolateStack(
  data: Uint8Array<ArrayBuffer>,
  { rowSpacing, columnSpacing }: Grid,
  box: Box,
  outlines: Outlines,
): Promise<Uint8Array> {
  const image: ItkImage = {
    imageType: { dimension: 3, componentType: 'uint8', pixelType: 'Scalar', components: 1 },
    name: 'outlines',
    origin: [0, 0, 0],
    // Each slice is worked on in its own plane, so that the distance between slices does not count.
    spacing: [columnSpacing, rowSpacing, 1],
    direction: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    size: [box.columns, box.rows, box.slices],
    metadata: new Map(),
    data,
  };
  const { morphologicalContourInterpolationNode } =
    await import('@itk-wasm/morphological-contour-interpolation');
  let filled: unknown;
  try {
    const { outputImage } = await morphologicalContourInterpolationNode(image, {
      label: 1,
      axis: 2,
      // Left to find the labelled slices itself, it takes two beside each other for a whole body
      // and leaves the gaps next to them empty.
      useCustomSlicePositions: true,
      labeledSliceIndicesAxis: 2,
      labeledSliceIndicesLabel: 1,
      labeledSliceIndices: [...outlines.keys()]
        .map(index => index - box.slice)
        .sort((a, b) => a - b),
    });
    filled = outputImage.data;
  } catch (error) {
    // WebAssembly throws plain numbers for C++ exceptions: they would tell nobody anything.
    throw failed(error instanceof Error ? ` (${error.message})` : '', error);
  }
  if (filled instanceof Uint8Array && filled.length === data.length) return filled;
  throw failed(': it gave no image of the size that it was given');
}

function failed(why: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-result',
    `ITK could not interpolate between the labelled slices${why}.`,
    'Choose another method.',
    { cause },
  );
}
