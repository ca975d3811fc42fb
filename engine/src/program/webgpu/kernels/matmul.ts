import type { MatMul, Tensor } from '../../program';
import {
  elementType,
  entryPoint,
  forEach,
  kernel,
  scratch,
  unrolled,
  WORKGROUP_SIZE,
  type Kernel,
  type Operand,
} from '../kernel';
import { matmulPlan, type MatMulPlan, type Tiling } from './matmulPlan';

/**
 * `out = op(a) op(b) + bias + addend (+ out)`: tiles of both matrices go through workgroup memory; each
 * invocation computes 4 x 4 values. A long inner dimension is split among workgroups; a second dispatch
 * adds their sums.
 */
export function matmulKernels(operation: MatMul): Kernel[] {
  const { a, b, transposeA, transposeB, out } = operation;
  const { rows, columns } = out;
  const inner = transposeA ? a.rows : a.columns;
  const plan = matmulPlan(rows, columns, inner);
  const isVector = columns % 4 === 0;
  const left = { name: 'a', length: rows, inner, isAlongInner: !transposeA };
  const right = { name: 'b', length: columns, inner, isAlongInner: transposeB };
  const factors = {
    a: { tensor: a, access: 'read', isVector: isContiguous(left) },
    b: { tensor: b, access: 'read', isVector: isContiguous(right) },
  } as const;
  const workgroups = [
    Math.ceil(columns / plan.tiling.columns),
    Math.ceil(rows / plan.tiling.rows),
    plan.splits,
  ] as const;
  const shader = (names: { a: string; b: string }, store: string) => `
${load({ ...left, name: names.a }, 'A', plan)}
${load({ ...right, name: names.b }, 'B', plan)}
${store}
${multiply(left, right, plan)}`;

  if (plan.splits === 1) {
    return [
      kernel({
        operands: { ...factors, ...addedOperands(operation, isVector) },
        workgroups,
        body: names =>
          shader(names, storeFunction(rows, columns, isVector, added(operation, names))),
      }),
    ];
  }
  const partial = scratch(plan.splits, rows * columns);
  const length = isVector ? (rows * columns) / 4 : rows * columns;
  return [
    kernel({
      operands: { ...factors, partial: { tensor: partial, access: 'write', isVector } },
      workgroups,
      body: names =>
        shader(
          names,
          storeFunction(
            rows,
            columns,
            isVector,
            (index, _, value) => `partial[split * ${length}u + ${index}] = ${value};`,
          ),
        ),
    }),
    addPartials(operation, partial, length, isVector),
  ];
}

/** Adds the partial sums of a split matmul, in a second dispatch. */
function addPartials(
  operation: MatMul,
  partial: Tensor,
  length: number,
  isVector: boolean,
): Kernel {
  const type = elementType(isVector);
  const columns = isVector ? operation.out.columns / 4 : operation.out.columns;
  const grid = (names: Record<string, string>) =>
    forEach(
      length,
      `
  var sum = ${type}();
  for (var split = 0u; split < ${partial.rows}u; split++) {
    sum += partial[split * ${length}u + index];
  }
  ${added(operation, names)('index', `index % ${columns}u`, 'sum')}`,
    );
  return kernel({
    operands: {
      partial: { tensor: partial, access: 'read', isVector },
      ...addedOperands(operation, isVector),
    },
    workgroups: grid({}).workgroups,
    body: names => grid(names).entryPoint,
  });
}

function addedOperands({ bias, addend, out }: MatMul, isVector: boolean): Record<string, Operand> {
  const operands: Record<string, Operand> = { out: { tensor: out, access: 'write', isVector } };
  if (bias) operands.bias = { tensor: bias, access: 'read', isVector };
  if (addend) operands.addend = { tensor: addend, access: 'read', isVector };
  return operands;
}

type Store = (index: string, column: string, value: string) => string;

/** Returns the statement that stores a value of the matmul plus bias, addend and old output. */
function added({ bias, addend, accumulate }: MatMul, names: Record<string, string>): Store {
  return (index, column, value) => {
    const terms = [value];
    if (bias) terms.push(`${names.bias}[${column}]`);
    if (addend) terms.push(`${names.addend}[${index}]`);
    if (accumulate) terms.push(`${names.out}[${index}]`);
    return `${names.out}[${index}] = ${terms.join(' + ')};`;
  };
}

/**
 * WGSL function `store(row, column, split, value)`: stores four neighbors of a row, as far as they lie in
 * the matrix.
 */
function storeFunction(rows: number, columns: number, isVector: boolean, store: Store): string {
  const statements = isVector
    ? `
  let index = (row * ${columns}u + column) / 4u;
  ${store('index', 'column / 4u', 'value')}`
    : unrolled(
        4,
        i => `
  if (column + ${i}u < ${columns}u) {
    let index = row * ${columns}u + column + ${i}u;
    ${store('index', `column + ${i}u`, `value[${i}]`)}
  }`,
      );
  return `
fn store(row: u32, column: u32, split: u32, value: vec4<f32>) {
  if (row >= ${rows}u || column >= ${columns}u) { return; }
${statements}
}`;
}

/** A factor of the matmul, [length, inner] or [inner, length] in memory. */
interface Factor {
  readonly name: string;
  /** Rows of `op(a)` or columns of `op(b)`. */
  readonly length: number;
  readonly inner: number;
  /** Whether neighbors in memory are neighbors along the inner dimension. */
  readonly isAlongInner: boolean;
}

/** Whether four values along `length` are one vector in memory. */
function isContiguous({ length, isAlongInner }: Factor): boolean {
  return !isAlongInner && length % 4 === 0;
}

/**
 * WGSL function `loadA(inner, place)`: loads four neighbors along `length`. Beyond the matrix, values along
 * `inner` are zero; those along `length` are arbitrary, because their results are not stored.
 */
function load(factor: Factor, suffix: string, { splits, innerPerSplit }: MatMulPlan): string {
  const { name, length, inner, isAlongInner } = factor;
  const guard =
    splits * innerPerSplit === inner ? '' : `if (inner >= ${inner}u) { return vec4<f32>(); }`;
  const last = length - 1;
  const at = (i: number) => {
    const place = `min(place + ${i}u, ${last}u)`;
    return isAlongInner
      ? `${name}[${place} * ${inner}u + inner]`
      : `${name}[inner * ${length}u + ${place}]`;
  };
  const values = isContiguous(factor)
    ? `${name}[inner * ${length / 4}u + min(place, ${last}u) / 4u]`
    : `vec4<f32>(${unrolled(4, at, ', ')})`;
  return `
fn load${suffix}(inner: u32, place: u32) -> vec4<f32> {
  ${guard}
  return ${values};
}`;
}

/** How the invocations of a workgroup copy a tile of one factor into workgroup memory. */
interface Transfer {
  /** Offset of the tile in workgroup memory, in vectors. */
  readonly offset: number;
  /** Stride between neighbors along the inner dimension, in vectors; odd, to use all memory banks. */
  readonly stride: number;
  readonly end: number;
  readonly declare: string;
  readonly fetch: (start: string) => string;
  readonly put: string;
}

function transfer(
  { isAlongInner }: Factor,
  tiling: Tiling,
  { suffix, size, offset, first }: { suffix: string; size: number; offset: number; first: string },
): Transfer {
  const vectors = size / 4;
  const stride = vectors + 1;
  const count = tiling.inner * vectors;
  const rounds = Math.ceil(count / WORKGROUP_SIZE);
  // Neighboring invocations read neighboring memory.
  const inner = (i: number) =>
    isAlongInner ? `(${number(i)} % ${tiling.inner}u)` : `(${number(i)} / ${vectors}u)`;
  const place = (i: number) =>
    isAlongInner ? `(${number(i)} / ${tiling.inner}u)` : `(${number(i)} % ${vectors}u)`;
  const number = (i: number) => `(local + ${i * WORKGROUP_SIZE}u)`;
  const within = (i: number, statement: string) =>
    (i + 1) * WORKGROUP_SIZE <= count
      ? statement
      : `if (${number(i)} < ${count}u) { ${statement} }`;
  const value = (i: number) => `next${suffix}${i}`;
  return {
    offset,
    stride,
    end: offset + tiling.inner * stride,
    declare: unrolled(rounds, i => `  var ${value(i)} = vec4<f32>();`),
    fetch: start =>
      unrolled(rounds, i =>
        within(
          i,
          `${value(i)} = load${suffix}(${start} + ${inner(i)}, ${first} + 4u * ${place(i)});`,
        ),
      ),
    put: unrolled(rounds, i =>
      within(i, `tile[${offset}u + ${inner(i)} * ${stride}u + ${place(i)}] = ${value(i)};`),
    ),
  };
}

/** The main loop: fetches the next tiles while multiplying the current ones. */
function multiply(left: Factor, right: Factor, { tiling, innerPerSplit }: MatMulPlan): string {
  const across = tiling.columns / 4;
  const invocations = (tiling.rows / 4) * across;
  const a = transfer(left, tiling, {
    suffix: 'A',
    size: tiling.rows,
    offset: 0,
    first: 'firstRow',
  });
  const b = transfer(right, tiling, {
    suffix: 'B',
    size: tiling.columns,
    offset: a.end,
    first: 'firstColumn',
  });
  const size = Math.max(b.end, tiling.slices > 1 ? tiling.slices * invocations * 4 : 0);
  const finish =
    tiling.slices === 1
      ? unrolled(
          4,
          i => `  store(firstRow + 4u * row + ${i}u, firstColumn + 4u * column, group.z, sum${i});`,
        )
      : addSlices(tiling, invocations);
  return `
var<workgroup> tile: array<vec4<f32>, ${size}>;
${entryPoint(`
  let firstRow = group.y * ${tiling.rows}u;
  let firstColumn = group.x * ${tiling.columns}u;
  let slice = local / ${invocations}u;
  let position = local % ${invocations}u;
  let row = position / ${across}u;
  let column = position % ${across}u;
  var start = group.z * ${innerPerSplit}u;
  let end = start + ${innerPerSplit}u;
${unrolled(4, i => `  var sum${i} = vec4<f32>();`)}
${a.declare}
${b.declare}
  var isFirst = true;
  loop {
    if (start < end) {
      ${a.fetch('start')}
      ${b.fetch('start')}
    }
    if (!isFirst) {
      for (var i = slice; i < ${tiling.inner}u; i += ${tiling.slices}u) {
        let left = tile[i * ${a.stride}u + row];
        let right = tile[${b.offset}u + i * ${b.stride}u + column];
${unrolled(4, i => `        sum${i} = fma(vec4<f32>(left[${i}]), right, sum${i});`)}
      }
    }
    isFirst = false;
    workgroupBarrier();
    if (start >= end) { break; }
    ${a.put}
    ${b.put}
    workgroupBarrier();
    start += ${tiling.inner}u;
  }
${finish}`)}`;
}

/** Adds the sums of the slices of a workgroup, each over its part of the inner dimension. */
function addSlices({ slices, columns }: Tiling, invocations: number): string {
  const perSlice = 4 * invocations;
  const across = columns / 4;
  return `
${unrolled(4, i => `  tile[slice * ${perSlice}u + ${i * invocations}u + position] = sum${i};`)}
  workgroupBarrier();
  if (local < ${perSlice}u) {
    var sum = vec4<f32>();
    for (var i = 0u; i < ${slices}u; i++) { sum += tile[i * ${perSlice}u + local]; }
    let place = local % ${invocations}u;
    let placeRow = 4u * (place / ${across}u) + local / ${invocations}u;
    store(firstRow + placeRow, firstColumn + 4u * (place % ${across}u), group.z, sum);
  }`;
}
