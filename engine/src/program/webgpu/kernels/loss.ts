import type { Loss } from '../../program';
import { entryPoint, float, kernel, scratch, WORKGROUP_SIZE, type Kernel } from '../kernel';

/** Workgroups of the first dispatch; each leaves four sums, which every workgroup of the second reads. */
const MAX_BLOCKS = 64;
const LEAST_BLOCK_PIXELS = 1024;

/**
 * Cross-entropy plus soft Dice: see `segmentationLoss`. The first dispatch sums over the pixels, the
 * second computes the loss and its gradient from the sums.
 */
export function lossKernels(operation: Loss): Kernel[] {
  const { logits, target, valid, diceSmoothing, loss, logitsGradient } = operation;
  const pixels = target.columns;
  const isVector = false;
  const blocks = Math.min(MAX_BLOCKS, Math.ceil(pixels / LEAST_BLOCK_PIXELS));
  const partial = scratch(blocks, 4);
  const inputs = {
    logits: { tensor: logits, access: 'read', isVector },
    targets: { tensor: target, access: 'read', isVector },
    weights: { tensor: valid, access: 'read', isVector },
  } as const;
  // Each workgroup takes every `blocks`-th run of 256 pixels, so that neighboring invocations read
  // neighboring pixels.
  const stride = blocks * WORKGROUP_SIZE;
  return [
    kernel({
      operands: { ...inputs, partial: { tensor: partial, access: 'write', isVector: true } },
      workgroups: [blocks, 1, 1],
      body: names => `
${DECISION}
var<workgroup> sums: array<vec4<f32>, ${WORKGROUP_SIZE}>;
${entryPoint(`
  var sum = vec4<f32>();
  for (var i = group.x * ${WORKGROUP_SIZE}u + local; i < ${pixels}u; i += ${stride}u) {
    let at = decide(${names.logits}[i] - ${names.logits}[i + ${pixels}u]);
    let wanted = ${names.targets}[i];
    let weight = ${names.weights}[i];
    sum += weight * vec4<f32>(
      1f,
      at.softplus - wanted * at.difference,
      at.probability * wanted,
      at.probability + wanted,
    );
  }
  sums[local] = sum;
  for (var step = ${WORKGROUP_SIZE / 2}u; step > 0u; step = step / 2u) {
    workgroupBarrier();
    if (local < step) {
      let other = sums[local + step];
      sums[local] += other;
    }
  }
  if (local == 0u) { ${names.partial}[group.x] = sums[0]; }`)}`,
    }),
    kernel({
      operands: {
        ...inputs,
        partial: { tensor: partial, access: 'read', isVector: true },
        loss: { tensor: loss, access: 'write', isVector },
        logitsGradient: { tensor: logitsGradient, access: 'write', isVector },
      },
      workgroups: [Math.ceil(pixels / WORKGROUP_SIZE), 1, 1],
      body: names => `
${DECISION}
${entryPoint(`
  let i = group.x * ${WORKGROUP_SIZE}u + local;
  if (i >= ${pixels}u) { return; }
  var sum = vec4<f32>();
  for (var block = 0u; block < ${blocks}u; block++) { sum += ${names.partial}[block]; }
  let overlap = 2f * sum[2] + ${float(diceSmoothing)};
  let both = sum[3] + ${float(diceSmoothing)};
  let at = decide(${names.logits}[i] - ${names.logits}[i + ${pixels}u]);
  let wanted = ${names.targets}[i];
  let diceSlope = (overlap - 2f * wanted * both) / (both * both);
  let change = diceSlope * at.probability * at.complement;
  let gradient = ((at.probability - wanted) / sum[0] + change) * ${names.weights}[i];
  ${names.logitsGradient}[i] = gradient;
  ${names.logitsGradient}[i + ${pixels}u] = -gradient;
  if (i == 0u) { ${names.loss}[0] = sum[1] / sum[0] + 1f - overlap / both; }`)}`,
    }),
  ];
}

/** Takes exponentials only of values up to 0, so that none overflows. NaN stays NaN. */
const DECISION = `
struct Decision {
  difference: f32,
  probability: f32,
  complement: f32,
  softplus: f32,
}
fn decide(difference: f32) -> Decision {
  let exponential = exp(-abs(difference));
  let larger = 1f / (1f + exponential);
  let smaller = exponential / (1f + exponential);
  let isNegative = difference < 0f;
  return Decision(
    difference,
    select(larger, smaller, isNegative),
    select(smaller, larger, isNegative),
    select(difference, 0f, isNegative) + log(1f + exponential),
  );
}`;
