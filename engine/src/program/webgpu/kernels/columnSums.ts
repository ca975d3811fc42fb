import type { SumRows, Tensor } from '../../program';
import { entryPoint, kernel, scratch, unrolled, WORKGROUP_SIZE, type Kernel } from '../kernel';

/** A workgroup takes 32 columns, which are 128 bytes of a row, and 8 rows at a time. */
const COLUMNS = 32;
const ROWS_AT_A_TIME = WORKGROUP_SIZE / COLUMNS;

/** Up to this many rows one dispatch is enough; more are summed in blocks, which a second dispatch adds. */
const FEW_ROWS = 256;
const MAX_BLOCKS = 128;
const LEAST_BLOCK_ROWS = 64;

/** `out += sum over rows of input`. */
export function sumRowsKernels({ input, out }: SumRows): Kernel[] {
  const { rows, columns } = input;
  if (rows <= FEW_ROWS) return [addColumnSumsKernel(input, [out])];
  const blockRows = Math.ceil(rows / Math.min(MAX_BLOCKS, Math.ceil(rows / LEAST_BLOCK_ROWS)));
  const blocks = Math.ceil(rows / blockRows);
  const partial = scratch(blocks, columns);
  return [
    kernel({
      operands: {
        input: { tensor: input, access: 'read', isVector: false },
        partial: { tensor: partial, access: 'write', isVector: false },
      },
      workgroups: [Math.ceil(columns / COLUMNS), blocks, 1],
      body: names =>
        columnSums(
          names.input,
          input,
          blockRows,
          `${names.partial}[group.y * ${columns}u + column] = sum;`,
        ),
    }),
    addColumnSumsKernel(partial, [out]),
  ];
}

/**
 * Adds the column sums of `input` to `outs`, side by side: the first takes the first columns.
 *
 * @param input [rows, columns of all outs]
 */
export function addColumnSumsKernel(input: Tensor, outs: readonly Tensor[]): Kernel {
  const width = outs[0].columns;
  const operands = {
    input: { tensor: input, access: 'read', isVector: false },
    ...Object.fromEntries(
      outs.map((tensor, i) => [`out${i}`, { tensor, access: 'write', isVector: false }] as const),
    ),
  } as const;
  return kernel<string>({
    operands,
    workgroups: [Math.ceil(input.columns / COLUMNS), 1, 1],
    body: names =>
      columnSums(
        names.input,
        input,
        input.rows,
        unrolled(
          outs.length,
          i =>
            `if (column / ${width}u == ${i}u) { ${names[`out${i}`]}[column % ${width}u] += sum; }`,
        ),
      ),
  });
}

/** @param store WGSL that stores `sum`, the sum of `column` */
function columnSums(
  name: string,
  { rows, columns }: Tensor,
  blockRows: number,
  store: string,
): string {
  return `
var<workgroup> sums: array<f32, ${WORKGROUP_SIZE}>;
${entryPoint(`
  let column = group.x * ${COLUMNS}u + local % ${COLUMNS}u;
  let firstRow = group.y * ${blockRows}u;
  let endRow = min(firstRow + ${blockRows}u, ${rows}u);
  var sum = 0f;
  if (column < ${columns}u) {
    for (var row = firstRow + local / ${COLUMNS}u; row < endRow; row += ${ROWS_AT_A_TIME}u) {
      sum += ${name}[row * ${columns}u + column];
    }
  }
  sums[local] = sum;
  workgroupBarrier();
  if (local < ${COLUMNS}u && column < ${columns}u) {
    for (var i = 1u; i < ${ROWS_AT_A_TIME}u; i++) { sum += sums[i * ${COLUMNS}u + local]; }
    ${store}
  }`)}`;
}
