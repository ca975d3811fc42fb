import type * as tf from '@tensorflow/tfjs-core';
import { add, layerNorm, linear, relu, scaledDotProductAttention } from './operations';

/** The decoder's tensors under SAM's names; linear weights are [in, out] here. */
export type Parameters = (name: string) => tf.Tensor;

const HEADS = 8;
const LAYERS = 2;
const NORM_EPSILON = 1e-5;
const NAME = 'mask_decoder.transformer';

/** `linear` with the weight and bias of that name. */
export function namedLinear(
  parameters: Parameters,
  name: string,
  x: tf.Tensor,
  options?: { constantInput?: boolean },
): tf.Tensor {
  return linear(x, parameters(`${name}.weight`), parameters(`${name}.bias`), options);
}

function namedNorm(parameters: Parameters, name: string, x: tf.Tensor): tf.Tensor {
  return layerNorm(x, parameters(`${name}.weight`), parameters(`${name}.bias`), NORM_EPSILON);
}

/** Multi-head attention of `query` [n, 256] to `key` and `value` [m, 256]; returns [n, 256]. */
function attention(
  parameters: Parameters,
  name: string,
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  constant: { query?: boolean; key?: boolean; value?: boolean } = {},
): tf.Tensor {
  const project = (part: string, x: tf.Tensor, constantInput = false) =>
    namedLinear(parameters, `${name}.${part}_proj`, x, { constantInput });
  const attended = scaledDotProductAttention(
    project('q', query, constant.query),
    project('k', key, constant.key),
    project('v', value, constant.value),
    HEADS,
  );
  return namedLinear(parameters, `${name}.out_proj`, attended);
}

/**
 * SAM's two-way transformer: tokens attend to each other and to the image, and the image to the tokens. The
 * image embedding itself is frozen: no gradient flows into `image`.
 *
 * Source: segment_anything/modeling/transformer.py.
 *
 * @param tokens [n, 256]
 * @param image [size * size, 256] image tokens, row by row
 * @param position [size * size, 256]
 */
export function twoWayTransformer(
  parameters: Parameters,
  tokens: tf.Tensor,
  image: tf.Tensor,
  position: tf.Tensor,
): { tokens: tf.Tensor; image: tf.Tensor } {
  let queries = tokens;
  let keys = image;
  for (let layer = 0; layer < LAYERS; layer++) {
    const name = `${NAME}.layers.${layer}`;
    const first = layer === 0;
    // The first layer has neither position encoding nor a residual here.
    if (first) {
      queries = attention(parameters, `${name}.self_attn`, queries, queries, queries);
    } else {
      const q = add(queries, tokens);
      queries = add(queries, attention(parameters, `${name}.self_attn`, q, q, queries));
    }
    queries = namedNorm(parameters, `${name}.norm1`, queries);

    const keysAtPlace = add(keys, position);
    queries = add(
      queries,
      attention(
        parameters,
        `${name}.cross_attn_token_to_image`,
        add(queries, tokens),
        keysAtPlace,
        keys,
        { key: first, value: first },
      ),
    );
    queries = namedNorm(parameters, `${name}.norm2`, queries);

    const hidden = relu(namedLinear(parameters, `${name}.mlp.lin1`, queries));
    queries = add(queries, namedLinear(parameters, `${name}.mlp.lin2`, hidden));
    queries = namedNorm(parameters, `${name}.norm3`, queries);

    keys = add(
      keys,
      attention(
        parameters,
        `${name}.cross_attn_image_to_token`,
        keysAtPlace,
        add(queries, tokens),
        queries,
        { query: first },
      ),
    );
    keys = namedNorm(parameters, `${name}.norm4`, keys);
  }
  const attended = attention(
    parameters,
    `${NAME}.final_attn_token_to_image`,
    add(queries, tokens),
    add(keys, position),
    keys,
  );
  return {
    tokens: namedNorm(parameters, `${NAME}.norm_final_attn`, add(queries, attended)),
    image: keys,
  };
}
