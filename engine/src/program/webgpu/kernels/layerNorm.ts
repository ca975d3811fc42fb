import type { LayerNorm, LayerNormGradient } from '../../program';
import {
  elementType,
  entryPoint,
  float,
  kernel,
  scratch,
  WORKGROUP_SIZE,
  type Kernel,
} from '../kernel';
import { addColumnSumsKernel } from './columnSums';
import { reductions } from './reduction';

/** Invocations per row; a workgroup takes 16 rows. */
const LANES = 16;
const ROWS_AT_A_TIME = WORKGROUP_SIZE / LANES;

/** Up to this many rows, one workgroup sums the gradients of weight and bias without a second dispatch. */
const FEW_ROWS = 64;
const ROWS_PER_GROUP = 32;

export function layerNormKernels(operation: LayerNorm): Kernel[] {
  const { input, weight, bias, epsilon, unit, inverse, out } = operation;
  const { rows, columns } = input;
  const { isVector, type, count, sum } = rowElements(columns);
  return [
    kernel({
      operands: {
        input: { tensor: input, access: 'read', isVector },
        weight: { tensor: weight, access: 'read', isVector },
        bias: { tensor: bias, access: 'read', isVector },
        unit: { tensor: unit, access: 'write', isVector },
        inverse: { tensor: inverse, access: 'write', isVector: false },
        out: { tensor: out, access: 'write', isVector },
      },
      workgroups: [Math.ceil(rows / ROWS_AT_A_TIME), 1, 1],
      body: names => `
${reductions(LANES, WORKGROUP_SIZE)}
${entryPoint(`
  let lane = local % ${LANES}u;
  let row = group.x * ${ROWS_AT_A_TIME}u + local / ${LANES}u;
  let isRow = row < ${rows}u;
  let start = min(row, ${rows - 1}u) * ${count}u;
  var sum = ${type}();
  for (var i = lane; i < ${count}u; i += ${LANES}u) { sum += ${names.input}[start + i]; }
  let mean = sumOver(local, ${sum('sum')}) / ${columns}f;
  var squares = ${type}();
  for (var i = lane; i < ${count}u; i += ${LANES}u) {
    let centerd = ${names.input}[start + i] - mean;
    squares += centerd * centerd;
  }
  let variance = sumOver(local, ${sum('squares')}) / ${columns}f;
  let inverseDeviation = 1f / sqrt(variance + ${float(epsilon)});
  if (!isRow) { return; }
  if (lane == 0u) { ${names.inverse}[row] = inverseDeviation; }
  for (var i = lane; i < ${count}u; i += ${LANES}u) {
    let normalized = (${names.input}[start + i] - mean) * inverseDeviation;
    ${names.unit}[start + i] = normalized;
    ${names.out}[start + i] = normalized * ${names.weight}[i] + ${names.bias}[i];
  }`)}`,
    }),
  ];
}

/**
 * Each workgroup takes a block of rows: first its part of the gradients of weight and bias, then the
 * gradient of the input, which may overwrite the gradient of the output.
 */
export function layerNormGradientKernels(operation: LayerNormGradient): Kernel[] {
  const { unit, inverse, weight, outGradient, inputGradient } = operation;
  const { weightGradient, biasGradient } = operation;
  const { rows, columns } = unit;
  const { isVector, type, count, sum } = rowElements(columns);
  const isOneBlock = rows <= FEW_ROWS;
  // When rows are narrow, spare invocations sum other rows of the block.
  const parts = isOneBlock ? 1 : Math.max(1, Math.floor(WORKGROUP_SIZE / columns));
  const blockRows = isOneBlock ? rows : ROWS_PER_GROUP * parts;
  const blocks = Math.ceil(rows / blockRows);
  const partial = scratch(blocks * parts, 2 * columns);
  const scalar = (tensor: typeof unit, access: 'read' | 'write') =>
    ({ tensor, access, isVector: false }) as const;
  const vector = (tensor: typeof unit, access: 'read' | 'write') =>
    ({ tensor, access, isVector }) as const;
  const common = {
    inputGradient: vector(inputGradient, 'write'),
    outGradient: vector(outGradient, 'read'),
    unit: vector(unit, 'read'),
    inverse: scalar(inverse, 'read'),
    weight: vector(weight, 'read'),
  };
  const element = (name: string, index: string) =>
    isVector ? `${name}[(${index}) / 4u][(${index}) % 4u]` : `${name}[${index}]`;
  const body = (names: Record<keyof typeof common, string>, store: string) => `
${reductions(LANES, WORKGROUP_SIZE)}
${entryPoint(`
  let firstRow = group.x * ${blockRows}u;
  let endRow = min(firstRow + ${blockRows}u, ${rows}u);
  for (var place = local; place < ${parts * columns}u; place += ${WORKGROUP_SIZE}u) {
    let column = place % ${columns}u;
    let part = place / ${columns}u;
    var toWeight = 0f;
    var toBias = 0f;
    for (var row = firstRow + part; row < endRow; row += ${parts}u) {
      let index = row * ${columns}u + column;
      let gradient = ${element(names.outGradient, 'index')};
      toWeight += gradient * ${element(names.unit, 'index')};
      toBias += gradient;
    }
    ${store}
  }
  storageBarrier();
  workgroupBarrier();
  let lane = local % ${LANES}u;
  for (var first = firstRow; first < firstRow + ${blockRows}u; first += ${ROWS_AT_A_TIME}u) {
    let row = first + local / ${LANES}u;
    let start = min(row, ${rows - 1}u) * ${count}u;
    var sum = ${type}();
    var along = ${type}();
    for (var i = lane; i < ${count}u; i += ${LANES}u) {
      let unitGradient = ${names.outGradient}[start + i] * ${names.weight}[i];
      sum += unitGradient;
      along += unitGradient * ${names.unit}[start + i];
    }
    let mean = sumOver(local, ${sum('sum')}) / ${columns}f;
    let meanAlong = sumOver(local, ${sum('along')}) / ${columns}f;
    if (row < endRow) {
      let scale = ${names.inverse}[row];
      for (var i = lane; i < ${count}u; i += ${LANES}u) {
        let unitGradient = ${names.outGradient}[start + i] * ${names.weight}[i];
        let across = unitGradient - mean - ${names.unit}[start + i] * meanAlong;
        ${names.inputGradient}[start + i] = across * scale;
      }
    }
  }`)}`;
  if (isOneBlock) {
    return [
      kernel({
        operands: {
          ...common,
          weightGradient: scalar(weightGradient, 'write'),
          biasGradient: scalar(biasGradient, 'write'),
        },
        workgroups: [1, 1, 1],
        body: names =>
          body(
            names,
            `${names.weightGradient}[column] += toWeight;
    ${names.biasGradient}[column] += toBias;`,
          ),
      }),
    ];
  }
  return [
    kernel({
      operands: { ...common, partial: scalar(partial, 'write') },
      workgroups: [blocks, 1, 1],
      body: names =>
        body(
          names,
          `let base = (group.x * ${parts}u + part) * ${2 * columns}u + column;
    ${names.partial}[base] = toWeight;
    ${names.partial}[base + ${columns}u] = toBias;`,
        ),
    }),
    addColumnSumsKernel(partial, [weightGradient, biasGradient]),
  ];
}

/** Describes a row in shader elements: `count` of them; `sum` adds up the components of one. */
function rowElements(columns: number) {
  const isVector = columns % 4 === 0;
  return {
    isVector,
    type: elementType(isVector),
    count: isVector ? columns / 4 : columns,
    sum: (name: string) => (isVector ? `dot(${name}, vec4<f32>(1f))` : name),
  };
}
