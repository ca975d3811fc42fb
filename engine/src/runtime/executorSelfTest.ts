import type { Executor, Program, Tensor } from '../program/program';
import { aligned, ProgramBuilder, rowOf } from '../program/programBuilder';
import { ReferenceExecutor } from '../program/referenceExecutor';
import { compare, testValues } from '../numeric/comparison';

const TOKENS = 7;
const PIXELS = 64;
const CHANNELS = 64;
/** A length at which some kernels are known to fail. */
const HIDDEN = 2048;
const HEADS = 4;

/**
 * Refuses an executor with wrong results: some GPU drivers compute wrongly without an error. Trains a small
 * network, with every kind of operation in the decoder, by one update and compares the results with plain
 * JavaScript.
 *
 * @param createExecutor creates the executor to test
 * @throws Error naming the wrong result
 */
export async function executorSelfTest(
  createExecutor: (program: Program) => Promise<Executor>,
): Promise<void> {
  const { program, inputs, outputs } = smallNetwork();
  const expected = await train(new ReferenceExecutor(program), inputs, outputs);
  const actual = await train(await createExecutor(program), inputs, outputs);
  for (const name of Object.keys(outputs)) compare(actual[name], expected[name], name);
}

interface SmallNetwork {
  program: Program;
  inputs: readonly Tensor[];
  outputs: Readonly<Record<string, Tensor>>;
}

/** Builds a network with two layers, a norm, attention, and masks as in the decoder. */
function smallNetwork(): SmallNetwork {
  let length = 0;
  const place = (rows: number, columns: number) => {
    const offset = length;
    length += aligned(rows * columns);
    return { offset, rows, columns };
  };
  const places = {
    weight1: place(CHANNELS, HIDDEN),
    bias1: place(1, HIDDEN),
    weight2: place(HIDDEN, CHANNELS),
    bias2: place(1, CHANNELS),
    scale: place(1, CHANNELS),
    shift: place(1, CHANNELS),
  };
  const builder = new ProgramBuilder(length);
  const parameter = (name: keyof typeof places): Tensor => ({
    storage: builder.parameters,
    ...places[name],
  });
  const tokens = builder.tensor('input', TOKENS, CHANNELS);
  const image = builder.tensor('input', PIXELS, CHANNELS);
  const selection = builder.tensor('input', 2, TOKENS);
  const target = builder.tensor('input', 1, PIXELS);
  const valid = builder.tensor('input', 1, PIXELS);

  const wide = builder.matmul(tokens, parameter('weight1'), { bias: parameter('bias1') });
  const hidden = builder.activation('relu', wide);
  const narrow = builder.matmul(hidden, parameter('weight2'), {
    bias: parameter('bias2'),
    addend: tokens,
  });
  const normed = builder.layerNorm(narrow, parameter('scale'), parameter('shift'), 1e-5);
  const attended = builder.attention(normed, builder.add(image, image), image, HEADS);
  const kernels = builder.matmul(selection, builder.activation('gelu', attended));
  const logits = builder.tensor('output', 2, PIXELS);
  for (const row of [0, 1]) {
    builder.matmul(rowOf(kernels, row), image, { transposeB: true, out: rowOf(logits, row) });
  }
  const loss = builder.loss(logits, target, valid, 1);
  builder.differentiate();
  const step = builder.tensor('output', 1, 1);
  const whole = { offset: 0, rows: 1, columns: length };
  const program: Program = {
    storages: builder.storages,
    sequences: {
      gradient: [...builder.forward, ...builder.gradientOperations],
      update: [
        {
          kind: 'adam',
          parameters: builder.parameters,
          gradients: builder.parameterGradients,
          moment1: builder.storage('moment1', length),
          moment2: builder.storage('moment2', length),
          step,
          learningRate: 1e-2,
          beta1: 0.9,
          beta2: 0.99,
          epsilon: 1e-7,
        },
      ],
    },
  };
  const gradientOf = (name: keyof typeof places): Tensor => ({
    storage: builder.parameterGradients,
    ...places[name],
  });
  return {
    program,
    inputs: [
      { storage: builder.parameters, ...whole },
      ...[tokens, image, selection, target, valid],
    ],
    outputs: {
      'the loss': loss,
      'the first layer’s gradient': gradientOf('weight1'),
      'the second layer’s gradient': gradientOf('weight2'),
      'the norm’s gradient': gradientOf('scale'),
      'a trained weight': parameter('weight2'),
    },
  };
}

/** Runs one update, then the gradients again. */
async function train(
  executor: Executor,
  inputs: readonly Tensor[],
  outputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  try {
    inputs.forEach((tensor, seed) => executor.write(tensor, values(tensor, seed)));
    for (const sequence of ['gradient', 'update', 'gradient']) await executor.run(sequence);
    const results: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(outputs)) {
      results[name] = await executor.read(tensor);
    }
    return results;
  } finally {
    executor.dispose();
  }
}

/** Values in 0..0.5; parameters, the first input, in -0.1..0.1. */
function values({ rows, columns }: Tensor, seed: number): Float32Array {
  return testValues(rows * columns, seed).map(wave => (seed === 0 ? wave / 10 : (wave + 1) / 4));
}
