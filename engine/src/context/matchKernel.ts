import { FIRST_ADDRESS, KernelMachine, type Kernels } from '../program/wasm/kernelMachine';
import { MemoryPlan } from '../program/wasm/memoryPlan';
import { EMBEDDING_SIZE } from '../sam/imageEncoder';
import { FEATURE_SIZE } from './featureProducts';
import {
  COSINE_TEMPERATURE,
  QUARTER_FACTOR,
  REACH,
  shiftCost,
  tokensWithForeground,
  type MatchSlices,
} from './matchSlices';
import { QUARTERS } from './tokenGrid';
import { MOST_CELLS } from './tokenLabels';

/** Tokens that the kernel reads past the end and ignores. */
const BEYOND = 3;

/**
 * Creates `matchSlices` on our own kernels, equal up to float32 rounding. Each call blocks the calling
 * thread for some milliseconds.
 *
 * @param size tokens per side of all grids
 */
export async function createMatcher(
  kernels: Kernels,
  { size, dimensions } = { size: EMBEDDING_SIZE, dimensions: FEATURE_SIZE.dimensions },
): Promise<MatchSlices> {
  const tokens = size * size;
  const plan = new MemoryPlan(FIRST_ADDRESS);
  const settings = plan.allocate(8);
  const target = plan.allocate(tokens * dimensions);
  const source = plan.allocate((tokens + BEYOND) * dimensions);
  const targetGray = plan.allocate(tokens * QUARTERS);
  const sourceGray = plan.allocate((tokens + BEYOND) * QUARTERS);
  const labels = plan.allocate(tokens * MOST_CELLS ** 2);
  const labeled = plan.allocate(tokens + BEYOND);
  const active = plan.allocate(tokens);
  const weights = plan.allocate(tokens);
  const foreground = plan.allocate(tokens * MOST_CELLS ** 2);
  const args = [
    ...[size, dimensions, REACH, settings, target, source, targetGray, sourceGray],
    ...[labels, labeled, active, weights, foreground],
  ];
  const sequences = [[[{ kernel: 'matchTokens', args }]]];
  const machine = await KernelMachine.start(kernels, { bytes: plan.bytes, sequences }, 1);
  const write = (address: number, values: Float32Array) =>
    machine.floats(address, values.length).set(values);
  return (slice, other, otherLabels, slicesApart, isActive) => {
    if (slice.size !== size || slice.dimensions !== dimensions) {
      throw new Error(`the matcher was made for ${size} x ${size} tokens of ${dimensions}`);
    }
    const cells = otherLabels.length / tokens;
    machine
      .integers(settings, 5)
      .set([slice.rows, slice.columns, other.rows, other.columns, cells]);
    machine
      .floats(settings + 20, 3)
      .set([1 / COSINE_TEMPERATURE, QUARTER_FACTOR, shiftCost(slicesApart)]);
    write(target, slice.features);
    write(source, other.features);
    write(targetGray, slice.intensities);
    write(sourceGray, other.intensities);
    write(labels, otherLabels);
    const { buffer } = machine.memory;
    new Uint8Array(buffer, labeled, tokens).set(tokensWithForeground(otherLabels, tokens));
    new Uint8Array(buffer, active, tokens).set(isActive);
    machine.run(0);
    return {
      weights: machine.floats(weights, tokens).slice(),
      foreground: machine.floats(foreground, tokens * cells).slice(),
    };
  };
}
