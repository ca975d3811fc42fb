import { gaussian, seededRandom } from '../numeric/random';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import type { Initialization } from '../job/job';
import { samWeight, type Weights } from '../sam/weights';

/** Tensor name of the two query tokens, foreground and background, in the fitted weights. */
export const QUERY_TOKENS = 'fewshot.query_tokens.weight';

/** Indices of SAM's hyper-networks for the foreground and background logits. */
export const FOREGROUND = 1;
export const BACKGROUND = 2;

const MASK_TOKENS = 'mask_decoder.mask_tokens.weight';
const HYPERNETWORKS = 'mask_decoder.output_hypernetworks_mlps';
const LAST_LAYER = 2;

/**
 * Returns the initial weights of a fit. The paper adds a foreground and a background token but does not say
 * how they are initialized. Here the foreground starts as the first of SAM's three masks, and the background
 * as its negative: the same token, and a copy of its hyper-network with the last layer negated. So the first
 * prediction, foreground minus background, is twice SAM's own mask logit, and training can move them apart.
 * (With two different masks of SAM, their difference is almost zero on small structures, and learning
 * collapses to background.)
 *
 * @throws FewshotError `model-altered` when a tensor is missing
 */
export function startWeights(
  sam: Weights,
  initialization: Initialization = 'sam',
  seed = 0,
): Weights {
  const start: Weights = initialization === 'he' ? heWeights(sam, seed) : new Map(sam);
  for (const [name, { shape, data }] of [...start]) {
    const prefix = `${HYPERNETWORKS}.${FOREGROUND}.`;
    if (!name.startsWith(prefix)) continue;
    const layer = name.slice(prefix.length);
    const sign = layer.startsWith(`layers.${LAST_LAYER}.`) ? -1 : 1;
    start.set(`${HYPERNETWORKS}.${BACKGROUND}.${layer}`, {
      shape,
      data: data.map(value => sign * value),
    });
  }
  const token = samWeight(start, MASK_TOKENS).subarray(
    FOREGROUND * EMBEDDING_CHANNELS,
    (FOREGROUND + 1) * EMBEDDING_CHANNELS,
  );
  start.set(QUERY_TOKENS, {
    shape: [2, EMBEDDING_CHANNELS],
    data: Float32Array.from([...token, ...token]),
  });
  return start;
}

/**
 * Returns random initial weights, as stated in the paper ("He initialization"): normally distributed with
 * deviation sqrt(2 / inputs) (He et al., ICCV 2015), biases 0, norms 1, tokens with deviation 1. Position
 * encoding and prompts stay SAM's.
 */
function heWeights(sam: Weights, seed: number): Weights {
  const random = seededRandom(seed);
  const isNorm = (name: string) => name.includes('norm') || name.includes('output_upscaling.1.');
  return new Map(
    [...sam].map(([name, { shape, data }]) => {
      if (!name.startsWith('mask_decoder.')) return [name, { shape, data }];
      if (name.endsWith('.bias')) return [name, { shape, data: new Float32Array(data.length) }];
      if (isNorm(name)) return [name, { shape, data: new Float32Array(data.length).fill(1) }];
      // Linear layers are [out, in], transposed convolutions [in, out, 2, 2], without overlap.
      const inputs = shape.length === 4 ? shape[0] : shape[1];
      const deviation =
        name.endsWith('_token.weight') || name === MASK_TOKENS ? 1 : Math.sqrt(2 / inputs);
      return [name, { shape, data: data.map(() => deviation * gaussian(random)) }];
    }),
  );
}
