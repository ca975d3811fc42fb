import type { Weights } from './weights';

function isUsed(name: string, hypernetworks: readonly number[]): boolean {
  const hypernetwork = /output_hypernetworks_mlps\.(\d)\./.exec(name);
  if (hypernetwork) return hypernetworks.includes(Number(hypernetwork[1]));
  return name.startsWith('mask_decoder.transformer.') || name.includes('output_upscaling');
}

/** Names of the decoder's weights that lead to masks `hypernetworks`. */
export function usedNames(weights: Weights, hypernetworks: readonly number[]): string[] {
  return [...weights.keys()].filter(name => isUsed(name, hypernetworks));
}
