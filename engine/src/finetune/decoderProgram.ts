import { BACKGROUND, FOREGROUND, QUERY_TOKENS } from './startWeights';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import type { Program, Tensor } from '../program/program';
import { ProgramBuilder, reshaped, rowOf } from '../program/programBuilder';
import {
  finishProgram,
  type ProgramTraining,
  type ProgramTrainingSettings,
} from '../program/training';
import { parameterTensor, type ParameterLayout } from '../sam/parameterLayout';

/** A decoder's program with its input and output tensors. */
export interface DecoderProgram {
  program: Program;
  parameters: Tensor;
  /** [tokens, 256] constant: two zero rows for the query tokens, then the prompts */
  prompts: Tensor;
  /** [2, tokens] constant that selects the query tokens */
  selection: Tensor;
  /** [size * size, 256] constant */
  position: Tensor;
  /** [64, 256] and [32, 128] constants that repeat a bias for the four children of a pixel */
  repeats: readonly Tensor[];
  /** [size * size, 256] input */
  image: Tensor;
  /** [2, 16 * size * size] foreground and background in token order, output of `forward` */
  logits: Tensor;
  /** Null unless the program trains; target and valid are in token order. */
  training: ProgramTraining | null;
}

const HEADS = 8;
const LAYERS = 2;
const NORM_EPSILON = 1e-5;
const NORM_2D_EPSILON = 1e-6;
const TRANSFORMER = 'mask_decoder.transformer';
const UPSCALING = 'mask_decoder.output_upscaling';
/** Query tokens: foreground and background. */
export const QUERIES = 2;
/** Output pixels per input pixel of a transposed convolution. */
export const CHILDREN = 4;

/**
 * Builds the paper's modified mask decoder (see `FewshotDecoder`) as a program. Its sequences are `forward`
 * and, with training, `gradient` (accumulates the gradients of one slice) and `update` (Adam).
 *
 * @param size image tokens per side
 * @param prompts number of prompts
 */
export function decoderProgram(
  layout: ParameterLayout,
  { size, prompts }: { size: number; prompts: number },
  training: ProgramTrainingSettings | null,
): DecoderProgram {
  const builder = new ProgramBuilder(layout.length);
  const writer = new DecoderWriter(builder, layout);
  const pixels = size * size;
  const tokens = QUERIES + prompts;
  const inputs = {
    prompts: builder.tensor('constant', tokens, EMBEDDING_CHANNELS),
    selection: builder.tensor('constant', QUERIES, tokens),
    position: builder.tensor('constant', pixels, EMBEDDING_CHANNELS),
    image: builder.tensor('input', pixels, EMBEDDING_CHANNELS),
    repeats: [64, 32].map(channels => builder.tensor('constant', channels, CHILDREN * channels)),
  };
  const logits = writer.decoder(inputs);
  return { ...inputs, logits, ...finishProgram(builder, logits, training) };
}

type Inputs = Pick<DecoderProgram, 'prompts' | 'selection' | 'position' | 'image' | 'repeats'>;

/** Source: segment_anything/modeling/transformer.py and mask_decoder.py. */
class DecoderWriter {
  constructor(
    private readonly builder: ProgramBuilder,
    private readonly layout: ParameterLayout,
  ) {}

  /** @returns [2, 16 * size * size] logits in token order */
  decoder({ prompts, selection, position, image, repeats }: Inputs): Tensor {
    const { builder } = this;
    const queryTokens = this.parameter(QUERY_TOKENS);
    const tokens = builder.matmul(selection, queryTokens, { transposeA: true, addend: prompts });
    const transformed = this.transformer(tokens, image, position);

    // From here on, only the query tokens are used.
    const queries = builder.matmul(selection, transformed.queries);
    const attended = this.attention(
      `${TRANSFORMER}.final_attn_token_to_image`,
      builder.add(queries, queryTokens),
      builder.add(transformed.keys, position),
      transformed.keys,
      queries,
    );
    const hyper = this.norm(`${TRANSFORMER}.norm_final_attn`, attended);

    const upscaled = this.upscaling(transformed.keys, repeats);
    const logits = builder.tensor('output', QUERIES, upscaled.rows);
    [FOREGROUND, BACKGROUND].forEach((hypernetwork, row) => {
      const kernel = this.hypernetwork(hypernetwork, rowOf(hyper, row));
      builder.matmul(kernel, upscaled, { transposeB: true, out: rowOf(logits, row) });
    });
    return logits;
  }

  private transformer(
    tokens: Tensor,
    image: Tensor,
    position: Tensor,
  ): { queries: Tensor; keys: Tensor } {
    const { builder } = this;
    let queries = tokens;
    let keys = image;
    for (let layer = 0; layer < LAYERS; layer++) {
      const name = `${TRANSFORMER}.layers.${layer}`;
      // The self-attention of the first layer has neither position encoding nor a residual.
      const asked = layer === 0 ? queries : builder.add(queries, tokens);
      const residual = layer === 0 ? null : queries;
      queries = this.attention(`${name}.self_attn`, asked, asked, queries, residual);
      queries = this.norm(`${name}.norm1`, queries);

      const placed = builder.add(keys, position);
      queries = this.attention(
        `${name}.cross_attn_token_to_image`,
        builder.add(queries, tokens),
        placed,
        keys,
        queries,
      );
      queries = this.norm(`${name}.norm2`, queries);

      const hidden = builder.activation('relu', this.linear(`${name}.mlp.lin1`, queries));
      queries = this.linear(`${name}.mlp.lin2`, hidden, queries);
      queries = this.norm(`${name}.norm3`, queries);

      keys = this.attention(
        `${name}.cross_attn_image_to_token`,
        placed,
        builder.add(queries, tokens),
        queries,
        keys,
      );
      keys = this.norm(`${name}.norm4`, keys);
    }
    return { queries, keys };
  }

  /** [size * size, 256] -> [size * size * 16, 32], in token order. */
  private upscaling(keys: Tensor, repeats: readonly Tensor[]): Tensor {
    const { builder } = this;
    let x = this.transposedConvolution(`${UPSCALING}.0`, keys, repeats[0]);
    const [weight, bias] = [`${UPSCALING}.1.weight`, `${UPSCALING}.1.bias`];
    x = builder.layerNorm(x, this.parameter(weight), this.parameter(bias), NORM_2D_EPSILON);
    x = builder.activation('gelu', x);
    x = this.transposedConvolution(`${UPSCALING}.3`, x, repeats[1]);
    return builder.activation('gelu', x);
  }

  /** One matmul per pixel; its four children are adjacent: see `operations.ts`. */
  private transposedConvolution(name: string, x: Tensor, repeat: Tensor): Tensor {
    const biasParameter = this.parameter(`${name}.bias`);
    const bias = this.builder.matmul(biasParameter, repeat);
    const weight = this.parameter(`${name}.weight`);
    const children = this.builder.matmul(x, weight, { bias, biasParameter });
    return reshaped(children, CHILDREN * children.rows, children.columns / CHILDREN);
  }

  private hypernetwork(index: number, token: Tensor): Tensor {
    const name = `mask_decoder.output_hypernetworks_mlps.${index}.layers`;
    const first = this.builder.activation('relu', this.linear(`${name}.0`, token));
    const second = this.builder.activation('relu', this.linear(`${name}.1`, first));
    return this.linear(`${name}.2`, second);
  }

  private attention(
    name: string,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    residual: Tensor | null,
  ): Tensor {
    const attended = this.builder.attention(
      this.linear(`${name}.q_proj`, query),
      this.linear(`${name}.k_proj`, key),
      this.linear(`${name}.v_proj`, value),
      HEADS,
    );
    return this.linear(`${name}.out_proj`, attended, residual);
  }

  private norm(name: string, x: Tensor): Tensor {
    const [weight, bias] = [`${name}.weight`, `${name}.bias`].map(part => this.parameter(part));
    return this.builder.layerNorm(x, weight, bias, NORM_EPSILON);
  }

  private linear(name: string, x: Tensor, addend: Tensor | null = null): Tensor {
    const [weight, bias] = [`${name}.weight`, `${name}.bias`].map(part => this.parameter(part));
    return this.builder.matmul(x, weight, { bias, addend });
  }

  private parameter(name: string): Tensor {
    return parameterTensor(this.layout, this.builder.parameters, name);
  }
}
