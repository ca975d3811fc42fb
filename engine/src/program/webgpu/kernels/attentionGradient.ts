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
  perGroup,
  read,
  scoreRow,
  shapeOf,
  storeChannels,
  written,
  type Names,
  type Shape,
} from './attentionParts';
import { reductions } from './reduction';

/** The first dispatch runs over the rows of the query, the second over those of key and value. */
export function attentionGradientKernels(operation: AttentionGradient): Kernel[] {
  const { query, key, value, attentionWeights, outGradient, scoreGradient } = operation;
  const { queryGradient, keyGradient, valueGradient } = operation;
  const shape = shapeOf(operation);
  const { n, m, isVector } = shape;
  return [
    kernel({
      operands: {
        key: read(key, isVector),
        value: read(value, isVector),
        attentionWeights: read(attentionWeights, false),
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
        attentionWeights: read(attentionWeights, false),
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

/** Computes the gradients of the scores and the query, one invocation per row. */
function queryPerInvocation(shape: Shape, names: Names): string {
  const { key, value, attentionWeights, outGradient, scoreGradient, queryGradient } = names;
  const { n, m, scale } = shape;
  return entryPoint(
    `${ownRow(n)}${scoreRow(shape)}
${channels(shape, 'd', outGradient, 'row')}
  var mean = 0f;
  for (var j = 0u; j < ${m}u; j++) {
    mean += ${attentionWeights}[base + j] * (${dotWith(shape, 'd', value, 'j')});
  }
${declareSums(shape, 'sum')}
  for (var j = 0u; j < ${m}u; j++) {
    let weightGradient = ${dotWith(shape, 'd', value, 'j')};
    let slope = ${attentionWeights}[base + j] * (weightGradient - mean) * ${scale};
    ${scoreGradient}[base + j] = slope;
${addTimes(shape, 'sum', 'slope', key, 'j')}
  }
${storeChannels(shape, queryGradient, 'row', i => `sum${i}`)}`,
    INVOCATIONS_PER_MANY,
  );
}

/** Computes the gradients of the scores and the query, one workgroup per row. */
function queryPerGroup(shape: Shape, names: Names): string {
  const { key, value, attentionWeights, outGradient, scoreGradient, queryGradient } = names;
  const { m, scale } = shape;
  const size = groupSize(m);
  return `
${reductions(size)}
${perGroup(
  shape,
  size,
  ['total0'],
  `${scoreRow(shape)}
${channels(shape, 'd', outGradient, 'row')}
  var sum = 0f;
  for (var j = local; j < ${m}u; j += ${size}u) {
    let weightGradient = ${dotWith(shape, 'd', value, 'j')};
    ${scoreGradient}[base + j] = weightGradient;
    sum += ${attentionWeights}[base + j] * weightGradient;
  }
  let mean = sumOver(local, sum);
  for (var j = local; j < ${m}u; j += ${size}u) {
    let slope = ${attentionWeights}[base + j] * (${scoreGradient}[base + j] - mean) * ${scale};
    ${scoreGradient}[base + j] = slope;
  }
  storageBarrier();
  workgroupBarrier();
${alongLanes(shape, size, m, [
  { sums: 'total0', factor: `${scoreGradient}[base + j]`, tensor: key, out: queryGradient },
])}`,
)}`;
}

/** Computes the gradients of key and value, one invocation per row. */
function keyPerInvocation(shape: Shape, names: Names): string {
  const { query, attentionWeights, outGradient, scoreGradient, keyGradient, valueGradient } = names;
  const { n, m } = shape;
  return entryPoint(
    `${ownRow(m)}
${declareSums(shape, 'k')}
${declareSums(shape, 'v')}
  for (var j = 0u; j < ${n}u; j++) {
    let place = (head * ${n}u + j) * ${m}u + row;
    let slope = ${scoreGradient}[place];
    let weight = ${attentionWeights}[place];
${addTimes(shape, 'k', 'slope', query, 'j')}
${addTimes(shape, 'v', 'weight', outGradient, 'j')}
  }
${storeChannels(shape, keyGradient, 'row', i => `k${i}`)}
${storeChannels(shape, valueGradient, 'row', i => `v${i}`)}`,
    INVOCATIONS_PER_MANY,
  );
}

/** Computes the gradients of key and value, one workgroup per row. */
function keyPerGroup(shape: Shape, names: Names): string {
  const { query, attentionWeights, outGradient, scoreGradient, keyGradient, valueGradient } = names;
  const { n, m } = shape;
  const size = groupSize(n);
  const factor = (tensor: string) => `${tensor}[(head * ${n}u + j) * ${m}u + row]`;
  return perGroup(
    shape,
    size,
    ['total0', 'total1'],
    alongLanes(shape, size, n, [
      { sums: 'total0', factor: factor(scoreGradient), tensor: query, out: keyGradient },
      { sums: 'total1', factor: factor(attentionWeights), tensor: outGradient, out: valueGradient },
    ]),
  );
}
