/* Shared parts of the shaders of attention and of its gradient. */

import type { Tensor } from '../../program';
import { elementType, entryPoint, float, unrolled } from '../kernel';

/** Sizes in shader elements: a head's channels are `lanes` vectors, or scalars if not a multiple of 4. */
export interface Shape {
  /** Rows of the query. */
  readonly n: number;
  /** Rows of key and value. */
  readonly m: number;
  readonly heads: number;
  readonly isVector: boolean;
  readonly type: string;
  readonly lanes: number;
  /** Elements of a row of query, key, value. */
  readonly stride: number;
  readonly scale: string;
}

/** From this many rows on, one invocation per row fills the GPU. */
export const MANY_ROWS = 256;
export const INVOCATIONS_PER_MANY = 64;

export type Names = Readonly<Record<string, string>>;

export function read(tensor: Tensor, isVector: boolean) {
  return { tensor, access: 'read', isVector } as const;
}

export function written(tensor: Tensor, isVector: boolean) {
  return { tensor, access: 'write', isVector } as const;
}

export function shapeOf({
  query,
  key,
  heads,
}: {
  query: Tensor;
  key: Tensor;
  heads: number;
}): Shape {
  const width = query.columns / heads;
  const isVector = width % 4 === 0;
  const lanes = isVector ? width / 4 : width;
  if (lanes > 64)
    throw new Error(
      `Heads of ${width} channels are too wide: at most 256, or 64 if not a multiple of 4.`,
    );
  return {
    n: query.rows,
    m: key.rows,
    heads,
    isVector,
    type: elementType(isVector),
    lanes,
    stride: heads * lanes,
    scale: float(1 / Math.sqrt(width)),
  };
}

export function grid(rows: number, isMany: boolean, { heads }: Shape): [number, number, number] {
  return [isMany ? Math.ceil(rows / INVOCATIONS_PER_MANY) : rows, heads, 1];
}

/** Returns how many invocations share one row of this length. */
export function groupSize(length: number): number {
  return length <= 64 ? 64 : 256;
}

/** WGSL for `row` and `head` where each invocation has its own row. */
export function ownRow(rows: number): string {
  return `
  let head = group.y;
  let row = group.x * ${INVOCATIONS_PER_MANY}u + local;
  if (row >= ${rows}u) { return; }`;
}

/** Shader with one workgroup of `size` invocations per row: `body` uses `row`, `head` and the memory `sums`. */
export function perGroup(
  shape: Shape,
  size: number,
  sums: readonly string[],
  body: string,
): string {
  return `
${weightedSums(shape, size, sums)}
${entryPoint(
  `
  let head = group.y;
  let row = group.x;
${body}`,
  size,
)}`;
}

/** WGSL for `base`, the index of the first score of `row`; scores are [heads, n, m]. */
export function scoreRow({ n, m }: Shape): string {
  return `
  let base = (head * ${n}u + row) * ${m}u;`;
}

/** Loads a head's channels of one row into `prefix0`, `prefix1`, ... */
export function channels(
  { lanes, stride }: Shape,
  prefix: string,
  tensor: string,
  row: string,
): string {
  return unrolled(
    lanes,
    i => `  let ${prefix}${i} = ${tensor}[${row} * ${stride}u + head * ${lanes}u + ${i}u];`,
  );
}

/** Dot product of the channels in `prefix0`, ... with those of a row in memory. */
export function dotWith(
  { lanes, stride, isVector }: Shape,
  prefix: string,
  tensor: string,
  row: string,
): string {
  return unrolled(
    lanes,
    i => {
      const other = `${tensor}[${row} * ${stride}u + head * ${lanes}u + ${i}u]`;
      return isVector ? `dot(${prefix}${i}, ${other})` : `${prefix}${i} * ${other}`;
    },
    ' + ',
  );
}

export function declareSums({ lanes, type }: Shape, prefix: string): string {
  return unrolled(lanes, i => `  var ${prefix}${i} = ${type}();`);
}

/** Adds `factor` times a row's channels to `prefix0`, ... */
export function addTimes(
  { lanes, stride }: Shape,
  prefix: string,
  factor: string,
  tensor: string,
  row: string,
): string {
  return unrolled(
    lanes,
    i =>
      `    ${prefix}${i} += ${factor} * ${tensor}[${row} * ${stride}u + head * ${lanes}u + ${i}u];`,
  );
}

export function storeChannels(
  { lanes, stride }: Shape,
  tensor: string,
  row: string,
  value: (lane: number) => string,
): string {
  return unrolled(
    lanes,
    i => `  ${tensor}[${row} * ${stride}u + head * ${lanes}u + ${i}u] = ${value(i)};`,
  );
}

/** Workgroup memory for `alongLanes`. */
function weightedSums({ type }: Shape, size: number, names: readonly string[]): string {
  return names.map(name => `var<workgroup> ${name}: array<${type}, ${size}>;`).join('\n');
}

interface WeightedSum {
  /** Workgroup memory with one element per invocation. */
  readonly sums: string;
  /** WGSL expression in `j`. */
  readonly factor: string;
  readonly tensor: string;
  readonly out: string;
}

/**
 * `out[row] = sum over j of factor(j) tensor[j]` within a head, by one workgroup: neighboring invocations
 * take neighboring channels, and every `parts`-th row.
 */
export function alongLanes(
  { lanes, stride, type }: Shape,
  size: number,
  length: number,
  sums: readonly WeightedSum[],
): string {
  const parts = Math.floor(size / lanes);
  const each = (line: (sum: WeightedSum, index: number) => string) => sums.map(line).join('\n');
  return `
  let lane = local % ${lanes}u;
  let part = local / ${lanes}u;
${each((_, i) => `  var part${i} = ${type}();`)}
  if (part < ${parts}u) {
    for (var j = part; j < ${length}u; j += ${parts}u) {
      let place = j * ${stride}u + head * ${lanes}u + lane;
${each(({ factor, tensor }, i) => `      part${i} += ${factor} * ${tensor}[place];`)}
    }
  }
${each(({ sums: memory }, i) => `  ${memory}[local] = part${i};`)}
  workgroupBarrier();
  if (local < ${lanes}u) {
    for (var i = 1u; i < ${parts}u; i++) {
${each(({ sums: memory }, i) => `      part${i} += ${memory}[i * ${lanes}u + local];`)}
    }
    let place = row * ${stride}u + head * ${lanes}u + local;
${each(({ out }, i) => `    ${out}[place] = part${i};`)}
  }`;
}
