import type { Operation, Program, Role, Storage, Tensor } from './program';
import { ReferenceExecutor } from './referenceExecutor';
import { erf } from './scalarFunctions';

/** Lays tensors out, one storage each. */
class Layout {
  readonly storages: Storage[] = [];

  tensor(rows: number, columns: number, role: Role = 'input'): Tensor {
    const storage = { id: this.storages.length, role, length: rows * columns };
    this.storages.push(storage);
    return { storage, offset: 0, rows, columns };
  }
}

function random(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

/** Runs operations once. */
async function run(
  layout: Layout,
  operations: Operation[],
  inputs: [Tensor, ArrayLike<number>][],
): Promise<ReferenceExecutor> {
  const program: Program = { storages: layout.storages, sequences: { all: operations } };
  const executor = new ReferenceExecutor(program);
  for (const [tensor, values] of inputs) executor.write(tensor, Float32Array.from(values));
  await executor.run('all');
  return executor;
}

/**
 * Compares a gradient with central differences of `sum(out * direction)`.
 *
 * @param forward from inputs to the output of the operation
 * @param gradients of the sum, one per input
 */
async function expectGradients(
  inputs: readonly Float32Array[],
  direction: Float32Array,
  forward: (inputs: readonly Float32Array[]) => Promise<Float32Array>,
  gradients: readonly Float32Array[],
): Promise<void> {
  const total = async (values: readonly Float32Array[]) =>
    (await forward(values)).reduce((sum, value, i) => sum + value * direction[i], 0);
  const step = 2 ** -6;
  for (const [index, gradient] of gradients.entries()) {
    for (let i = 0; i < gradient.length; i++) {
      const moved = (by: number) =>
        inputs.map((values, k) =>
          k === index ? values.map((v, j) => v + (i === j ? by : 0)) : values,
        );
      const slope = ((await total(moved(step))) - (await total(moved(-step)))) / (2 * step);
      expect(Math.abs(gradient[i] - slope)).toBeLessThan(2e-3);
    }
  }
}

describe('ReferenceExecutor', () => {
  it('multiplies, transposed or not, and adds bias, addend and what was there', async () => {
    const layout = new Layout();
    const [a, b, bias, addend, out] = [
      layout.tensor(2, 3),
      layout.tensor(3, 2),
      layout.tensor(1, 2),
      layout.tensor(2, 2),
      layout.tensor(2, 2),
    ];
    const plain: Operation = {
      kind: 'matmul',
      a,
      b,
      transposeA: false,
      transposeB: false,
      bias,
      addend,
      accumulate: false,
      out,
    };
    const turned: Operation = {
      ...plain,
      a: { ...b, rows: 3, columns: 2 },
      b: { ...a, rows: 2, columns: 3 },
      transposeA: true,
      transposeB: true,
      bias: null,
      addend: null,
      accumulate: true,
    };
    const values: [Tensor, number[]][] = [
      [a, [1, 2, 3, 4, 5, 6]],
      [b, [1, 0, 0, 1, 1, 1]],
      [bias, [10, 20]],
      [addend, [100, 200, 300, 400]],
    ];
    const once = await run(layout, [plain], values);
    expect([...(await once.read(out))]).toEqual([114, 225, 320, 431]);
    // (bᵀ aᵀ) = (a b)ᵀ = [4 10; 5 11]
    const twice = await run(layout, [plain, turned], values);
    expect([...(await twice.read(out))]).toEqual([118, 235, 325, 442]);
  });

  it('adds, sums rows and activates', async () => {
    const layout = new Layout();
    const [a, b, sums, active] = [
      layout.tensor(2, 2),
      layout.tensor(2, 2),
      layout.tensor(1, 2),
      layout.tensor(2, 2),
    ];
    const executor = await run(
      layout,
      [
        { kind: 'add', a, b, out: a },
        { kind: 'sumRows', input: a, out: sums },
        { kind: 'activation', function: 'relu', input: a, out: active },
      ],
      [
        [a, [1, 2, 3, 4]],
        [b, [0, -5, 1, 1]],
        [sums, [100, 100]],
      ],
    );
    expect([...(await executor.read(a))]).toEqual([1, -3, 4, 5]);
    expect([...(await executor.read(sums))]).toEqual([105, 102]);
    expect([...(await executor.read(active))]).toEqual([1, 0, 4, 5]);
  });

  it('knows the error function', () => {
    expect(erf(0)).toBe(0);
    expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 14);
    expect(erf(-2)).toBeCloseTo(-0.9953222650189527, 14);
    expect(erf(7)).toBe(1);
  });

  it.each(['relu', 'gelu'] as const)('differentiates %s', async name => {
    const layout = new Layout();
    const [x, dy, dx, y] = [1, 2, 3, 4].map(() => layout.tensor(1, 8));
    const input = random(8, 1);
    const direction = random(8, 2);
    const forward = async ([values]: readonly Float32Array[]) =>
      (
        await run(layout, [{ kind: 'activation', function: name, input: x, out: y }], [[x, values]])
      ).read(y);
    const executor = await run(
      layout,
      [
        {
          kind: 'activationGradient',
          function: name,
          input: x,
          outGradient: dy,
          inputGradient: dx,
        },
      ],
      [
        [x, input],
        [dy, direction],
      ],
    );
    await expectGradients([input], direction, forward, [await executor.read(dx)]);
  });

  it('attends to the key that fits, and differentiates it', async () => {
    const layout = new Layout();
    const [n, m, heads, width] = [3, 4, 2, 2];
    const [query, out, outGradient, queryGradient] = [1, 2, 3, 4].map(() =>
      layout.tensor(n, heads * width),
    );
    const [key, value, keyGradient, valueGradient] = [1, 2, 3, 4].map(() =>
      layout.tensor(m, heads * width),
    );
    const [shares, scoreGradient] = [1, 2].map(() => layout.tensor(heads * n, m));
    const attention: Operation = {
      kind: 'attention',
      query,
      key,
      value,
      heads,
      attentionWeights: shares,
      out,
    };
    const inputs = [random(12, 1), random(16, 2), random(16, 3)];
    const direction = random(12, 4);
    const written = (values: readonly Float32Array[]): [Tensor, Float32Array][] => [
      [query, values[0]],
      [key, values[1]],
      [value, values[2]],
      [outGradient, direction],
    ];
    const executor = await run(
      layout,
      [
        attention,
        {
          kind: 'attentionGradient',
          query,
          key,
          value,
          heads,
          attentionWeights: shares,
          outGradient,
          scoreGradient,
          queryGradient,
          keyGradient,
          valueGradient,
        },
      ],
      written(inputs),
    );
    const share = await executor.read(shares);
    for (let row = 0; row < heads * n; row++) {
      const total = share.subarray(row * m, (row + 1) * m).reduce((sum, x) => sum + x, 0);
      expect(total).toBeCloseTo(1, 6);
    }
    await expectGradients(
      inputs,
      direction,
      async values => (await run(layout, [attention], written(values))).read(out),
      await Promise.all([queryGradient, keyGradient, valueGradient].map(t => executor.read(t))),
    );

    const sharp = inputs.map(values => values.map(x => 200 * x));
    sharp[0] = Float32Array.from([200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    sharp[1] = Float32Array.from([0, 0, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const pointed = await run(layout, [attention], written(sharp));
    expect([...(await pointed.read(out)).subarray(0, 2)]).toEqual([...sharp[2].subarray(4, 6)]);
  });

  it('normalizes rows and differentiates it', async () => {
    const layout = new Layout();
    const [rows, columns] = [3, 4];
    const [input, unit, out, outGradient, inputGradient] = [1, 2, 3, 4, 5].map(() =>
      layout.tensor(rows, columns),
    );
    const [weight, bias, weightGradient, biasGradient] = [1, 2, 3, 4].map(() =>
      layout.tensor(1, columns),
    );
    const inverse = layout.tensor(rows, 1);
    const norm: Operation = {
      kind: 'layerNorm',
      input,
      weight,
      bias,
      epsilon: 1e-5,
      unit,
      inverse,
      out,
    };
    const inputs = [random(12, 1).map(x => 3 * x), random(4, 2), random(4, 3)];
    const direction = random(12, 4);
    const written = (values: readonly Float32Array[]): [Tensor, Float32Array][] => [
      [input, values[0]],
      [weight, values[1]],
      [bias, values[2]],
      [outGradient, direction],
    ];
    const executor = await run(
      layout,
      [
        norm,
        {
          kind: 'layerNormGradient',
          unit,
          inverse,
          weight,
          outGradient,
          inputGradient,
          weightGradient,
          biasGradient,
        },
      ],
      written(inputs),
    );
    const normalized = (await executor.read(unit)).subarray(0, columns);
    expect(normalized.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 5);
    expect(normalized.reduce((sum, x) => sum + x ** 2, 0)).toBeCloseTo(columns, 3);
    await expectGradients(
      inputs,
      direction,
      async values => (await run(layout, [norm], written(values))).read(out),
      await Promise.all([inputGradient, weightGradient, biasGradient].map(t => executor.read(t))),
    );
  });

  it('measures the loss and differentiates it', async () => {
    const layout = new Layout();
    const [logits, logitsGradient] = [layout.tensor(2, 5), layout.tensor(2, 5)];
    const [target, valid] = [layout.tensor(1, 5), layout.tensor(1, 5)];
    const loss = layout.tensor(1, 1);
    const operation: Operation = {
      kind: 'loss',
      logits,
      target,
      valid,
      diceSmoothing: 1,
      loss,
      logitsGradient,
    };
    const pair = random(10, 1).map(x => 2 * x);
    const written = (values: Float32Array): [Tensor, ArrayLike<number>][] => [
      [logits, values],
      [target, [1, 0, 0.5, 1, 0]],
      [valid, [1, 1, 0.5, 0, 1]],
    ];
    const executor = await run(layout, [operation], written(pair));
    await expectGradients(
      [pair],
      Float32Array.of(1),
      async ([values]) => (await run(layout, [operation], written(values))).read(loss),
      [await executor.read(logitsGradient)],
    );
    // Undecided everywhere: log 2, and Dice of 2 * 1.25 * 0.5 + 1 against 1.75 + 1.25 + 1.
    const undecided = await run(layout, [operation], written(new Float32Array(10)));
    const dice = 1 - (2 * 0.5 * 1.25 + 1) / (0.5 * 3.5 + 1.25 + 1);
    expect((await undecided.read(loss))[0]).toBeCloseTo(Math.LN2 + dice, 6);
  });

  it('moves parameters by the learning rate at first, and leaves no gradient', async () => {
    const layout = new Layout();
    const [parameters, gradients, moment1, moment2] = [1, 2, 3, 4].map(() => layout.tensor(1, 3));
    const step = layout.tensor(1, 1);
    const executor = await run(
      layout,
      [
        {
          kind: 'adam',
          parameters: parameters.storage,
          gradients: gradients.storage,
          moment1: moment1.storage,
          moment2: moment2.storage,
          step,
          learningRate: 0.125,
          beta1: 0.9,
          beta2: 0.99,
          epsilon: 1e-8,
        },
      ],
      [
        [parameters, [1, 1, 1]],
        [gradients, [2, -3, 0]],
      ],
    );
    expect([...(await executor.read(parameters))]).toEqual([0.875, 1.125, 1]);
    expect([...(await executor.read(gradients))]).toEqual([0, 0, 0]);
    expect((await executor.read(step))[0]).toBe(1);
  });
});
