import type { Adam, Storage, Tensor } from '../../program';
import { entryPoint, float, forEach, kernel, type Kernel, type Operand } from '../kernel';

/**
 * Updates all parameters in one dispatch, after one that increments the step. In a single dispatch, some
 * invocations would see the old step and some the new.
 */
export function adamKernels(operation: Adam): Kernel[] {
  const { learningRate, beta1, beta2, epsilon, step } = operation;
  const length = operation.parameters.length;
  const grid = (names: Record<string, string>) =>
    forEach(
      Math.ceil(length / 4),
      `
  let updates = ${names.step}[0];
  let gradient = ${names.gradients}[index];
  let mean = ${float(beta1)} * ${names.moment1}[index] + ${float(1 - beta1)} * gradient;
  let square = ${float(beta2)} * ${names.moment2}[index] + ${float(1 - beta2)} * gradient * gradient;
  ${names.moment1}[index] = mean;
  ${names.moment2}[index] = square;
  ${names.gradients}[index] = vec4<f32>();
  let unbiasedMean = mean / ${bias('updates', beta1)};
  let unbiasedSquare = square / ${bias('updates', beta2)};
  ${names.parameters}[index] -=
    ${float(learningRate)} * unbiasedMean / (sqrt(unbiasedSquare) + ${float(epsilon)});`,
    );
  return [
    kernel({
      operands: { step: { tensor: step, access: 'write', isVector: false } },
      workgroups: [1, 1, 1],
      body: names => entryPoint(`  if (local == 0u) { ${names.step}[0] += 1f; }`),
    }),
    kernel({
      operands: {
        step: { tensor: step, access: 'read', isVector: false },
        parameters: whole(operation.parameters),
        gradients: whole(operation.gradients),
        moment1: whole(operation.moment1),
        moment2: whole(operation.moment2),
      },
      workgroups: grid({}).workgroups,
      body: names => ONE_MINUS_EXPONENTIAL + grid(names).entryPoint,
    }),
  ];
}

/** Buffers end at a multiple of 4 values, so the last vector is complete. */
function whole(storage: Storage): Operand {
  const tensor: Tensor = { storage, offset: 0, rows: 1, columns: storage.length };
  return { tensor, access: 'write', isVector: true };
}

/** WGSL for `1 - beta^updates`. */
function bias(updates: string, beta: number): string {
  if (beta === 0) return '1f';
  return `oneMinusExponential(${updates} * ${float(Math.log(beta))})`;
}

/** Uses the series where the difference would lose digits: beta near 1 and few updates. */
const ONE_MINUS_EXPONENTIAL = `
fn oneMinusExponential(x: f32) -> f32 {
  if (x < -0.5f) { return 1f - exp(x); }
  var term = -x;
  var sum = term;
  for (var i = 2u; i <= 9u; i++) {
    term *= x / f32(i);
    sum += term;
  }
  return sum;
}`;
