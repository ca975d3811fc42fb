import { testValues } from '../numeric/comparison';
import type { Program, Tensor } from './program';
import { ProgramBuilder, rowOf } from './programBuilder';
import { ReferenceExecutor } from './referenceExecutor';

const PIXELS = 64;
const wave = (length: number, seed: number) => testValues(length, seed).map(value => value / 2);

/** A computation from one parameter matrix to [n, 64], of which the logits of a loss are a mixture. */
interface Example {
  rows: number;
  columns: number;
  write(builder: ProgramBuilder, parameter: Tensor, input: Tensor): Tensor;
}

/** Largest difference of the parameter's gradient and central differences, relative to the largest. */
async function gradientError({ rows, columns, write }: Example): Promise<number> {
  const builder = new ProgramBuilder(rows * columns);
  const parameter = { storage: builder.parameters, offset: 0, rows, columns };
  const input = builder.tensor('input', PIXELS, PIXELS);
  const result = write(builder, parameter, input);
  const mixture = builder.tensor('input', 2, result.rows);
  const logits = builder.tensor('work', 2, PIXELS);
  builder.matmul(mixture, result, { out: logits });
  const target = builder.tensor('input', 1, PIXELS);
  const valid = builder.tensor('input', 1, PIXELS);
  const loss = builder.loss(logits, target, valid, 1);
  builder.differentiate();
  const program: Program = {
    storages: builder.storages,
    sequences: { all: [...builder.forward, ...builder.gradientOperations] },
  };
  const executor = new ReferenceExecutor(program);
  const start = wave(rows * columns, 1);
  executor.write(input, wave(PIXELS * PIXELS, 2));
  executor.write(mixture, wave(2 * result.rows, 4));
  executor.write(target, wave(PIXELS, 3).map(Math.abs));
  executor.write(valid, new Float32Array(PIXELS).fill(1));
  executor.write(parameter, start);
  await executor.run('all');
  const gradient = await executor.read({ ...parameter, storage: builder.parameterGradients });

  let worst = 0;
  for (let i = 0; i < start.length; i += Math.ceil(start.length / 20)) {
    const step = 1 / 1024;
    const lossAt = async (offset: number) => {
      const moved = start.slice();
      moved[i] += offset;
      executor.write(parameter, moved);
      await executor.run('all');
      return executor.readExactly(loss)[0];
    };
    const slope = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step);
    worst = Math.max(worst, Math.abs(slope - gradient[i]));
  }
  return worst / gradient.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

describe('gradients that ProgramBuilder writes down', () => {
  it.each<[string, Example]>([
    [
      'of a matmul, used twice',
      {
        rows: 2,
        columns: PIXELS,
        write: (builder, weight, input) => {
          const square = builder.matmul(weight, input);
          return builder.matmul(square, square, { transposeA: true });
        },
      },
    ],
    [
      'of both operands of a matmul, one of them transposed',
      {
        rows: PIXELS,
        columns: PIXELS,
        write: (builder, weight) => builder.matmul(weight, weight, { transposeB: true }),
      },
    ],
    [
      'with the first operand transposed',
      {
        rows: PIXELS,
        columns: 2,
        write: (builder, weight, input) => builder.matmul(weight, input, { transposeA: true }),
      },
    ],
    [
      'through a residual, and a sum',
      {
        rows: 2,
        columns: PIXELS,
        write: (builder, weight, input) => {
          const hidden = builder.matmul(weight, input);
          const out = builder.matmul(hidden, input, { addend: hidden });
          return builder.add(builder.matmul(weight, input, { addend: out }), weight);
        },
      },
    ],
    [
      'through attention, and of what it attends to once more',
      {
        rows: 4,
        columns: PIXELS,
        write: (builder, weight, input) => {
          const mixed = builder.matmul(weight, input);
          const query = builder.matmul(mixed, input);
          const attended = builder.attention(query, builder.matmul(weight, input), mixed, 4);
          return builder.matmul(attended, input, { addend: mixed });
        },
      },
    ],
    [
      'through a norm and both activations, one of them used twice',
      {
        rows: 1,
        columns: PIXELS,
        write: (builder, weight, input) => {
          const hidden = builder.matmul(input, input, { bias: weight });
          const normed = builder.layerNorm(hidden, weight, weight, 1e-5);
          const gelu = builder.activation('gelu', normed);
          return builder.matmul(input, builder.activation('relu', gelu), { addend: gelu });
        },
      },
    ],
  ])('%s', async (_, example) => {
    expect(await gradientError(example)).toBeLessThan(1e-3);
  });

  it('are refused where a part of a tensor has none', () => {
    const builder = new ProgramBuilder(PIXELS);
    const weight = { storage: builder.parameters, offset: 0, rows: 1, columns: PIXELS };
    const input = builder.tensor('input', 2, 1);
    const both = builder.matmul(input, weight);
    const out = builder.matmul(builder.tensor('input', 2, 1), rowOf(both, 0));
    const pixels = builder.tensor('input', 1, PIXELS);
    builder.loss(out, pixels, pixels, 1);
    expect(() => builder.differentiate()).toThrow('no gradient reaches a tensor of 2 x 64');
  });
});
