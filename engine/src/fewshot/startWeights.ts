import { FewshotError } from '../errors';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';

/** Name of the two query tokens, foreground and background, among the fitted weights. */
export const QUERY_TOKENS = 'fewshot.query_tokens.weight';

/** Which of SAM's hyper-networks make the logits of foreground and background. */
export const FOREGROUND = 1;
export const BACKGROUND = 2;

const MASK_TOKENS = 'mask_decoder.mask_tokens.weight';
const HYPERNETWORKS = 'mask_decoder.output_hypernetworks_mlps';
const LAST_LAYER = 2;

/**
 * SAM's weights as the start of a fit. The paper adds a foreground and a background token but does
 * not say from what they start. Here the foreground starts as SAM's first mask of the three, and the
 * background as its mirror image: the same token, and a copy of its hyper-network with the last
 * layer negated. So the first prediction, foreground minus background, is twice SAM's own mask
 * logit, and the two can part from there. (Two different masks of SAM as a start make their
 * difference nearly nothing on small structures, and learning collapses to background.)
 *
 * @throws FewshotError `model-altered` when a tensor is missing
 */
export function startWeights(sam: Weights): Weights {
  const start: Weights = new Map(sam);
  for (const [name, { shape, data }] of sam) {
    const prefix = `${HYPERNETWORKS}.${FOREGROUND}.`;
    if (!name.startsWith(prefix)) continue;
    const layer = name.slice(prefix.length);
    const sign = layer.startsWith(`layers.${LAST_LAYER}.`) ? -1 : 1;
    start.set(`${HYPERNETWORKS}.${BACKGROUND}.${layer}`, {
      shape,
      data: data.map(value => sign * value),
    });
  }
  const tokens = sam.get(MASK_TOKENS);
  if (!tokens) {
    throw new FewshotError(
      'model-altered',
      `The decoder's weights lack "${MASK_TOKENS}".`,
      'Run `npm run setup` to prepare the model again.',
    );
  }
  const token = tokens.data.subarray(
    FOREGROUND * EMBEDDING_CHANNELS,
    (FOREGROUND + 1) * EMBEDDING_CHANNELS,
  );
  start.set(QUERY_TOKENS, {
    shape: [2, EMBEDDING_CHANNELS],
    data: Float32Array.from([...token, ...token]),
  });
  return start;
}
