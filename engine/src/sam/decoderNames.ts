import type { Weights } from './weights';

/** Whether a weight is used for the masks of these hyper-networks (0..3). */
export function isUsed(name: string, hypernetworks: readonly number[]): boolean {
  const hypernetwork = /output_hypernetworks_mlps\.(\d)\./.exec(name);
  if (hypernetwork) return hypernetworks.includes(Number(hypernetwork[1]));
  return /^mask_decoder\.(transformer|output_upscaling)\./.test(name);
}

/**
 * Returns the names of the decoder's weights that are used for the masks of these hyper-networks (0..3).
 */
export function usedNames(weights: Weights, hypernetworks: readonly number[]): string[] {
  return [...weights.keys()].filter(name => isUsed(name, hypernetworks));
}
