/**
 * Returns how many threads to use: leaves one core to the viewer on machines with more than two. More than
 * eight threads do not help a network of this size.
 */
export function sensibleThreads(cores: number = navigator.hardwareConcurrency || 1): number {
  return cores <= 2 ? cores : Math.min(8, cores - 1);
}
