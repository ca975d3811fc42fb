/**
 * Leaves one core to the viewer where there are several to spare; more than eight threads no longer
 * pay for a network of this size.
 */
export function sensibleThreads(cores: number = navigator.hardwareConcurrency || 1): number {
  return cores <= 2 ? cores : Math.min(8, cores - 1);
}
