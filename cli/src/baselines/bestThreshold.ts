import type { LabeledTokens } from './tokenMethod';

/** Scores of the tokens of one labeled slice, with their labeled area. */
export type ScoredTokens = Pick<LabeledTokens, 'coverage' | 'valid'> & { scores: Float32Array };

/**
 * Returns the threshold whose tokens have the best Dice with the labeled area of all slices together,
 * weighting tokens by area. It lies halfway between two scores, so that it favors neither.
 */
export function bestThreshold(slices: readonly ScoredTokens[]): number {
  const tokens = slices
    .flatMap(({ scores, coverage, valid }) =>
      Array.from(scores, (score, i) => ({ score, inside: coverage[i], area: valid[i] })),
    )
    .filter(({ area }) => area > 0)
    .sort((a, b) => b.score - a.score);
  const structure = tokens.reduce((sum, { inside }) => sum + inside, 0);
  let [selected, overlap, best] = [0, 0, -1];
  let threshold = Infinity;
  tokens.forEach(({ score, inside, area }, i) => {
    selected += area;
    overlap += inside;
    const next = tokens[i + 1]?.score ?? -Infinity;
    if (next === score) return; // No threshold separates equal scores.
    const dice = (2 * overlap) / (selected + structure);
    if (dice <= best) return;
    best = dice;
    threshold = next === -Infinity ? score - 1 : (score + next) / 2;
  });
  return threshold;
}
