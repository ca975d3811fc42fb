import type { morphologicalContourInterpolationNode } from '@itk-wasm/morphological-contour-interpolation';
import { boundingBox, FewshotError, type Mask, type Method } from 'fewshot-sam';
import { outlineMethod, type Grid, type Outlines } from './outlineMethod';

/**
 * Interpolates between outlines as OHIF itself does: ITK's morphological contour interpolation (Albu,
 * Beugeling and Laurendeau, IEEE Trans. Biomed. Eng. 55, 2008) with its default settings. Beyond the first
 * and the last labeled slice it finds nothing. Node only.
 */
export const interpolate: Method = outlineMethod('interpolate', async (labels, grid) => {
  // ITK supports only outlines, not slices on which the structure is absent.
  const outlines = new Map([...labels].filter(([, mask]) => mask.includes(1)));
  const box = boxAround(outlines, grid);
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

/** The part of the volume that can hold the structure: ITK's time and memory grow with its input. */
interface Box {
  slice: number;
  row: number;
  column: number;
  slices: number;
  rows: number;
  columns: number;
}

/** Margin in pixels, so that ITK can move and grow a region. */
const MARGIN = 4;

function boxAround(outlines: Outlines, { rows, columns }: Grid): Box {
  const { top, bottom, left, right } = boundingBox(outlines.values(), columns)!;
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

/** Stacks the labeled slices at their positions in the box; the others are empty. */
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
    // ITK works in the plane of each slice, so the distance between slices does not matter.
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
      // When ITK detects labeled slices itself, it takes two adjacent ones for a whole body and leaves the
      // gaps next to them empty.
      useCustomSlicePositions: true,
      labeledSliceIndicesAxis: 2,
      labeledSliceIndicesLabel: 1,
      labeledSliceIndices: [...outlines.keys()]
        .map(index => index - box.slice)
        .sort((a, b) => a - b),
    });
    filled = outputImage.data;
  } catch (error) {
    // WebAssembly throws bare numbers for C++ exceptions, which are useless in a message.
    throw failed(error instanceof Error ? ` (${error.message})` : '', error);
  }
  if (filled instanceof Uint8Array && filled.length === data.length) return filled;
  throw failed(': its output has the wrong size');
}

function failed(why: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-result',
    `ITK could not interpolate between the labeled slices${why}.`,
    'Choose another method.',
    { cause },
  );
}
