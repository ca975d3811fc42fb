import type { Weights } from './weights';

/** Whether a weight leads to masks `hypernetworks`. */
export function isUsed(name: string, hypernetworks: readonly number[]): boolean {
  const hypernetwork = /output_hypernetworks_mlps\.(\d)\./.exec(name);
  if (hypernetwork) return hypernetworks.includes(Number(hypernetwork[1]));
  return /^mask_decoder\.(transformer|output_upscaling)\./.test(name);
}

/** Names of the decoder's weights that lead to masks `hypernetworks`. */
export function usedNames(weights: Weights, hypernetworks: readonly number[]): string[] {
  return [...weights.keys()].filter(name => isUsed(name, hypernetworks));
}
