import type { AttentionGradient } from '../../program';
import { entryPoint, kernel, type Kernel } from '../kernel';
import {
  channels,
  addTimes,
  alongLanes,
  declareSums,
  dotWith,
  grid,
  groupSize,
  INVOCATIONS_PER_MANY,
  MANY_ROWS,
  ownRow,
  read,
  shapeOf,
  storeChannels,
  weightedSums,
  written,
  type Names,
  type Shape,
} from './attentionParts';
import { reductions } from './reduction';

/** The first dispatch goes along the rows of the query, the second along those of key and value. */
export function attentionGradientKernels(operation: AttentionGradient): Kernel[] {
  const { query, key, value, attentionWeights: shares, outGradient, scoreGradient } = operation;
  const { queryGradient, keyGradient, valueGradient } = operation;
  const shape = shapeOf(operation);
  const { n, m, isVector } = shape;
  return [
    kernel({
      operands: {
        key: read(key, isVector),
        value: read(value, isVector),
        shares: read(shares, false),
        outGradient: read(outGradient, isVector),
        scoreGradient: written(scoreGradient, false),
        queryGradient: written(queryGradient, isVector),
      },
      workgroups: grid(n, n >= MANY_ROWS, shape),
      body: names =>
        n >= MANY_ROWS ? queryPerInvocation(shape, names) : queryPerGroup(shape, names),
    }),
    kernel({
      operands: {
        query: read(query, isVector),
        shares: read(shares, false),
        outGradient: read(outGradient, isVector),
        scoreGradient: read(scoreGradient, false),
        keyGradient: written(keyGradient, isVector),
        valueGradient: written(valueGradient, isVector),
      },
      workgroups: grid(m, m >= MANY_ROWS, shape),
      body: names => (m >= MANY_ROWS ? keyPerInvocation(shape, names) : keyPerGroup(shape, names)),
    }),
  ];
}

/** Gradient of the scores and of the query, an invocation for each row. */
function queryPerInvocation(shape: Shape, names: Names): string {
  const { key, value, shares, outGradient, scoreGradient, queryGradient } = names;
  const { n, m, scale } = shape;
  return entryPoint(
    `${ownRow(n)}
  let base = (head * ${n}u + row) * ${m}u;
${channels(shape, 'd', outGradient, 'row')}
  var mean = 0f;
  for (var j = 0u; j < ${m}u; j++) {
    mean += ${shares}[base + j] * (${dotWith(shape, 'd', value, 'j')});
  }
${declareSums(shape, 'sum')}
  for (var j = 0u; j < ${m}u; j++) {
    let shareGradient = ${dotWith(shape, 'd', value, 'j')};
    let slope = ${shares}[base + j] * (shareGradient - mean) * ${scale};
    ${scoreGradient}[base + j] = slope;
${addTimes(shape, 'sum', 'slope', key, 'j')}
  }
${storeChannels(shape, queryGradient, 'row', i => `sum${i}`)}`,
    INVOCATIONS_PER_MANY,
  );
}

/** Gradient of the scores and of the query, a workgroup for each row. */
function queryPerGroup(shape: Shape, names: Names): string {
  const { key, value, shares, outGradient, scoreGradient, queryGradient } = names;
  const { n, m, scale } = shape;
  const size = groupSize(m);
  return `
${reductions(size)}
${weightedSums(shape, size, ['total0'])}
${entryPoint(
  `
  let head = group.y;
  let row = group.x;
  let base = (head * ${n}u + row) * ${m}u;
${channels(shape, 'd', outGradient, 'row')}
  var sum = 0f;
  for (var j = local; j < ${m}u; j += ${size}u) {
    let shareGradient = ${dotWith(shape, 'd', value, 'j')};
    ${scoreGradient}[base + j] = shareGradient;
    sum += ${shares}[base + j] * shareGradient;
  }
  let mean = sumOver(local, sum);
  for (var j = local; j < ${m}u; j += ${size}u) {
    let slope = ${shares}[base + j] * (${scoreGradient}[base + j] - mean) * ${scale};
    ${scoreGradient}[base + j] = slope;
  }
  storageBarrier();
  workgroupBarrier();
${alongLanes(shape, size, m, [
  { sums: 'total0', factor: `${scoreGradient}[base + j]`, tensor: key, out: queryGradient },
])}`,
  size,
)}`;
}

/** Gradients of key and value, an invocation for each of their rows. */
function keyPerInvocation(shape: Shape, names: Names): string {
  const { query, shares, outGradient, scoreGradient, keyGradient, valueGradient } = names;
  const { n, m } = shape;
  return entryPoint(
    `${ownRow(m)}
${declareSums(shape, 'k')}
${declareSums(shape, 'v')}
  for (var j = 0u; j < ${n}u; j++) {
    let place = (head * ${n}u + j) * ${m}u + row;
    let slope = ${scoreGradient}[place];
    let share = ${shares}[place];
${addTimes(shape, 'k', 'slope', query, 'j')}
${addTimes(shape, 'v', 'share', outGradient, 'j')}
  }
${storeChannels(shape, keyGradient, 'row', i => `k${i}`)}
${storeChannels(shape, valueGradient, 'row', i => `v${i}`)}`,
    INVOCATIONS_PER_MANY,
  );
}

/** Gradients of key and value, a workgroup for each of their rows. */
function keyPerGroup(shape: Shape, names: Names): string {
  const { query, shares, outGradient, scoreGradient, keyGradient, valueGradient } = names;
  const { n, m } = shape;
  const size = groupSize(n);
  const factor = (tensor: string) => `${tensor}[(head * ${n}u + j) * ${m}u + row]`;
  return `
${weightedSums(shape, size, ['total0', 'total1'])}
${entryPoint(
  `
  let head = group.y;
  let row = group.x;
${alongLanes(shape, size, n, [
  { sums: 'total0', factor: factor(scoreGradient), tensor: query, out: keyGradient },
  { sums: 'total1', factor: factor(shares), tensor: outGradient, out: valueGradient },
])}`,
  size,
)}`;
}
