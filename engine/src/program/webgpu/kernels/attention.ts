import type { Attention } from '../../program';
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

export function attentionKernels(operation: Attention): Kernel[] {
  const { query, key, value, attentionWeights, out } = operation;
  const shape = shapeOf(operation);
  const isMany = shape.n >= MANY_ROWS;
  return [
    kernel({
      operands: {
        query: read(query, shape.isVector),
        key: read(key, shape.isVector),
        value: read(value, shape.isVector),
        attentionWeights: written(attentionWeights, false),
        out: written(out, shape.isVector),
      },
      workgroups: grid(shape.n, isMany, shape),
      body: isMany
        ? names => softmaxPerInvocation(shape, names)
        : names => softmaxPerGroup(shape, names),
    }),
  ];
}

/** For few keys and many queries: maximum and sum of a row in one pass, attention weights in a second. */
function softmaxPerInvocation(
  shape: Shape,
  { query, key, value, attentionWeights, out }: Names,
): string {
  const { n, m, scale } = shape;
  return entryPoint(
    `${ownRow(n)}${scoreRow(shape)}
${channels(shape, 'q', query, 'row')}
  var largest = -3.4e38f;
  var total = 0f;
  for (var j = 0u; j < ${m}u; j++) {
    let score = (${dotWith(shape, 'q', key, 'j')}) * ${scale};
    let larger = max(largest, score);
    total = total * exp(largest - larger) + exp(score - larger);
    largest = larger;
  }
  let inverse = 1f / total;
${declareSums(shape, 'sum')}
  for (var j = 0u; j < ${m}u; j++) {
    let score = (${dotWith(shape, 'q', key, 'j')}) * ${scale};
    let weight = exp(score - largest) * inverse;
    ${attentionWeights}[base + j] = weight;
${addTimes(shape, 'sum', 'weight', value, 'j')}
  }
${storeChannels(shape, out, 'row', i => `sum${i}`)}`,
    INVOCATIONS_PER_MANY,
  );
}

/** For few queries and many keys: one workgroup per row of the scores. */
function softmaxPerGroup(
  shape: Shape,
  { query, key, value, attentionWeights, out }: Names,
): string {
  const { m, scale } = shape;
  const size = groupSize(m);
  return `
${reductions(size)}
${perGroup(
  shape,
  size,
  ['total0'],
  `${scoreRow(shape)}
${channels(shape, 'q', query, 'row')}
  var largest = -3.4e38f;
  for (var j = local; j < ${m}u; j += ${size}u) {
    let score = (${dotWith(shape, 'q', key, 'j')}) * ${scale};
    ${attentionWeights}[base + j] = score;
    largest = max(largest, score);
  }
  largest = largestOver(local, largest);
  var total = 0f;
  for (var j = local; j < ${m}u; j += ${size}u) {
    let exponential = exp(${attentionWeights}[base + j] - largest);
    ${attentionWeights}[base + j] = exponential;
    total += exponential;
  }
  let inverse = 1f / sumOver(local, total);
  for (var j = local; j < ${m}u; j += ${size}u) { ${attentionWeights}[base + j] *= inverse; }
  storageBarrier();
  workgroupBarrier();
${alongLanes(shape, size, m, [{ sums: 'total0', factor: `${attentionWeights}[base + j]`, tensor: value, out }])}`,
)}`;
}
