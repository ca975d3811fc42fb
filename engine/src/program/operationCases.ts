import { seededRandom } from '../numeric/random';
import { operandsOf } from './operands';
import type { Executor, Operation, MatMul, Program, Role, Storage, Tensor } from './program';
import { ReferenceExecutor } from './referenceExecutor';

/** A program of one sequence, `all`, with its inputs and the outputs to compare. */
export interface OperationCase {
  readonly name: string;
  readonly program: Program;
  readonly inputs: readonly (readonly [Tensor, Float32Array])[];
  readonly outputs: readonly Tensor[];
  /** Largest relative difference that rounding to float32 explains. */
  readonly tolerance: number;
}

/** Tolerance for float32 sums in any order. */
const TOLERANCE = 2e-6;

/** Deterministic values in -1..1. */
export function values(length: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** Lays out the tensors of a case. Output tensors start with values, too. */
class CaseBuilder {
  readonly storages: Storage[] = [];
  readonly inputs: [Tensor, Float32Array][] = [];

  tensor(
    rows: number,
    columns: number,
    change: (value: number, index: number) => number = x => x,
    role: Role = 'input',
  ): Tensor {
    const storage = { id: this.storages.length, role, length: rows * columns };
    this.storages.push(storage);
    const tensor = { storage, offset: 0, rows, columns };
    this.inputs.push([tensor, values(rows * columns, storage.id).map(change)]);
    return tensor;
  }

  build(name: string, operations: readonly Operation[], tolerance = TOLERANCE): OperationCase {
    const program = { storages: this.storages, sequences: { all: operations } };
    const outputs = operations.flatMap(operation => operandsOf(operation).writes);
    return { name, program, inputs: this.inputs, outputs, tolerance };
  }
}

/**
 * Reference outputs by case, computed once: plain JavaScript takes most of the time, and several executors
 * are compared with it.
 */
const references = new WeakMap<OperationCase, Promise<Float32Array[]>>();

/**
 * Compares an executor with the reference.
 *
 * @returns for each output the largest difference, relative to the largest value
 */
export async function differences(one: OperationCase, executor: Executor): Promise<number[]> {
  const reference = references.get(one) ?? outputsOf(one, new ReferenceExecutor(one.program));
  references.set(one, reference);
  const actual = await outputsOf(one, executor);
  return (await reference).map((expected, output) => {
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30);
    return expected.reduce((max, value, i) => {
      const difference = Math.abs(actual[output][i] - value) / largest;
      return difference <= max ? max : difference; // NaN wins.
    }, 0);
  });
}

async function outputsOf(
  { inputs, outputs }: OperationCase,
  executor: Executor,
): Promise<Float32Array[]> {
  for (const [tensor, given] of inputs) executor.write(tensor, given);
  await executor.run('all');
  return Promise.all(outputs.map(tensor => executor.read(tensor)));
}

interface ProductOptions {
  transposeA?: boolean;
  transposeB?: boolean;
  bias?: boolean;
  addend?: 'apart' | 'out';
  accumulate?: boolean;
}

function matmul(
  rows: number,
  columns: number,
  inner: number,
  { transposeA = false, transposeB = false, bias, addend, accumulate = false }: ProductOptions = {},
): OperationCase {
  const layout = new CaseBuilder();
  const out = layout.tensor(rows, columns);
  const operation: MatMul = {
    kind: 'matmul',
    a: transposeA ? layout.tensor(inner, rows) : layout.tensor(rows, inner),
    b: transposeB ? layout.tensor(columns, inner) : layout.tensor(inner, columns),
    transposeA,
    transposeB,
    bias: bias ? layout.tensor(1, columns) : null,
    addend: addend === 'out' ? out : addend ? layout.tensor(rows, columns) : null,
    accumulate,
    out,
  };
  const factors = `${transposeA ? 'aᵀ' : 'a'} ${transposeB ? 'bᵀ' : 'b'}`;
  const terms = [
    factors,
    bias && 'bias',
    addend && (addend === 'out' ? 'addend in place' : 'addend'),
    accumulate && 'what was there',
  ];
  const name = `${terms.filter(Boolean).join(' + ')}, ${rows} x ${inner} x ${columns}`;
  return layout.build(name, [operation]);
}

function transposed(rows: number, columns: number, inner: number): OperationCase[] {
  return [false, true].flatMap(transposeA =>
    [false, true].map(transposeB => matmul(rows, columns, inner, { transposeA, transposeB })),
  );
}

/** Matmuls for both tilings, with edges that fit no tile. */
export const PRODUCTS: OperationCase[] = [
  ...transposed(7, 20, 9),
  ...transposed(13, 17, 130),
  ...transposed(3, 5, 257),
  ...transposed(260, 516, 24),
  ...transposed(323, 451, 19),
  ...transposed(8, 256, 2048),
  // Split along the inner dimension, by small tiles and by large ones.
  ...transposed(7, 18, 4100),
  matmul(64, 68, 16400, { transposeA: true }),
  matmul(2, 32, 5000, { bias: true, accumulate: true }),
  matmul(2, 3, 4096, { bias: true, addend: 'out' }),
  matmul(1, 1, 1),
  matmul(2, 1000, 32, { transposeB: true }),
  matmul(1000, 32, 2, { transposeA: true }),
  matmul(9, 24, 16, { bias: true }),
  matmul(9, 23, 16, { bias: true, addend: 'apart' }),
  matmul(9, 24, 16, { addend: 'out' }),
  matmul(9, 23, 16, { addend: 'out', bias: true }),
  matmul(9, 24, 16, { accumulate: true, bias: true, addend: 'apart' }),
  matmul(300, 520, 33, { accumulate: true, bias: true, addend: 'apart' }),
  matmul(300, 519, 33, { accumulate: true }),
  inOneStorage(),
];

/** Multiplies rows of one storage and writes the result beside them. */
function inOneStorage(): OperationCase {
  const layout = new CaseBuilder();
  const all = layout.tensor(12, 64);
  const part = (row: number, rows: number) => ({ ...all, offset: row * 64, rows });
  return layout.build('rows of one storage', [
    {
      kind: 'matmul',
      a: { ...part(0, 1), rows: 4, columns: 16 },
      b: { ...part(1, 1), rows: 16, columns: 4 },
      transposeA: false,
      transposeB: false,
      bias: null,
      addend: null,
      accumulate: false,
      out: { ...part(2, 1), rows: 4, columns: 4 },
    },
    { kind: 'add', a: part(4, 2), b: part(4, 2), out: part(8, 2) },
    { kind: 'add', a: part(6, 2), b: part(4, 2), out: part(6, 2) },
  ]);
}

function attention(n: number, m: number, heads: number, width: number, scale = 1): OperationCase {
  const layout = new CaseBuilder();
  const along = (rows: number) => layout.tensor(rows, heads * width, x => scale * x);
  const [query, out, outGradient, queryGradient] = [n, n, n, n].map(along);
  const [key, value, keyGradient, valueGradient] = [m, m, m, m].map(along);
  const [attentionWeights, scoreGradient] = [0, 1].map(() => layout.tensor(heads * n, m));
  const gradient = { outGradient, scoreGradient, queryGradient, keyGradient, valueGradient };
  return layout.build(
    `${n} rows to ${m}, ${heads} heads of ${width}${scale === 1 ? '' : `, values to ${scale}`}`,
    [
      { kind: 'attention', query, key, value, heads, attentionWeights, out },
      {
        kind: 'attentionGradient',
        query,
        key,
        value,
        heads,
        attentionWeights,
        ...gradient,
      },
    ],
    // Rounding grows with the scores, which are as large as the scale squared.
    TOLERANCE * scale ** 2,
  );
}

/** Few queries and many keys, the reverse, both few and both many. */
export const ATTENTIONS: OperationCase[] = [
  attention(7, 300, 8, 16),
  attention(300, 7, 8, 16),
  attention(9, 9, 8, 32),
  attention(60, 64, 2, 4),
  attention(5, 70, 3, 7),
  attention(270, 5, 3, 7),
  attention(260, 257, 1, 8),
  attention(1, 1, 1, 1),
  attention(6, 80, 2, 16, 30),
  attention(260, 6, 2, 16, 30),
  selfAttention(),
];

/** Query, key and value are one tensor. */
function selfAttention(): OperationCase {
  const layout = new CaseBuilder();
  const x = layout.tensor(10, 64);
  const attentionWeights = layout.tensor(80, 10);
  const out = layout.tensor(10, 64);
  return layout.build('of a matrix to itself', [
    { kind: 'attention', query: x, key: x, value: x, heads: 8, attentionWeights, out },
  ]);
}

function layerNorm(rows: number, columns: number, inPlace = false): OperationCase {
  const layout = new CaseBuilder();
  const [input, unit, out, outGradient] = [2, 0, 0, 0].map(mean =>
    layout.tensor(rows, columns, x => x + mean),
  );
  const inputGradient = inPlace ? outGradient : layout.tensor(rows, columns);
  const [weight, bias, weightGradient, biasGradient] = [0, 0, 0, 0].map(() =>
    layout.tensor(1, columns),
  );
  const inverse = layout.tensor(rows, 1);
  const gradient = { outGradient, inputGradient, weightGradient, biasGradient };
  return layout.build(`${rows} x ${columns}${inPlace ? ', gradient in place' : ''}`, [
    { kind: 'layerNorm', input, weight, bias, epsilon: 1e-5, unit, inverse, out },
    { kind: 'layerNormGradient', unit, inverse, weight, ...gradient },
  ]);
}

export const LAYER_NORMS: OperationCase[] = [
  layerNorm(7, 256),
  layerNorm(64, 64),
  layerNorm(65, 64),
  layerNorm(300, 256),
  layerNorm(1000, 64, true),
  layerNorm(130, 7),
  layerNorm(33, 300, true),
  layerNorm(1, 5),
];

/** Values on both sides of 0, from tiny to large. */
function spread(x: number, index: number): number {
  return x * 10 ** ((index % 9) - 4);
}

function activations(count: number): OperationCase[] {
  return (['relu', 'gelu'] as const).flatMap(name =>
    [false, true].map(inPlace => {
      const layout = new CaseBuilder();
      const input = layout.tensor(count, 1, x => 5 * x);
      const out = layout.tensor(count, 1);
      const outGradient = layout.tensor(count, 1);
      const inputGradient = inPlace ? outGradient : layout.tensor(count, 1);
      return layout.build(`${name} of ${count}${inPlace ? ', gradient in place' : ''}`, [
        { kind: 'activation', function: name, input, out },
        { kind: 'activationGradient', function: name, input, outGradient, inputGradient },
      ]);
    }),
  );
}

function extremes(name: 'relu' | 'gelu'): OperationCase {
  const layout = new CaseBuilder();
  const input = layout.tensor(90, 1, spread);
  const out = layout.tensor(90, 1);
  return layout.build(`${name} from tiny to large`, [
    { kind: 'activation', function: name, input, out },
  ]);
}

function add(rows: number, columns: number, inPlace: boolean): OperationCase {
  const layout = new CaseBuilder();
  const [a, b] = [layout.tensor(rows, columns), layout.tensor(rows, columns)];
  const out = inPlace ? a : layout.tensor(rows, columns);
  const name = `add ${rows} x ${columns}${inPlace ? ' in place' : ''}`;
  return layout.build(name, [{ kind: 'add', a, b, out }]);
}

function sumRows(rows: number, columns: number): OperationCase {
  const layout = new CaseBuilder();
  const input = layout.tensor(rows, columns);
  const out = layout.tensor(1, columns);
  return layout.build(`sum of ${rows} rows of ${columns}`, [{ kind: 'sumRows', input, out }]);
}

function unfold(size: number, channels: number, dilation: number): OperationCase {
  const layout = new CaseBuilder();
  const [input, inputGradient] = [0, 0].map(() => layout.tensor(size * size, channels));
  const [out, outGradient] = [0, 0].map(() => layout.tensor(size * size, 9 * channels));
  return layout.build(`${size} x ${size} cells of ${channels}, dilation ${dilation}`, [
    { kind: 'unfold', size, dilation, input, out },
    { kind: 'unfoldGradient', size, dilation, outGradient, inputGradient },
  ]);
}

/** Grids larger than the neighborhood, and smaller. */
export const UNFOLDS: OperationCase[] = [
  unfold(9, 24, 1),
  unfold(16, 24, 4),
  unfold(7, 5, 2),
  unfold(3, 4, 4),
  unfold(1, 3, 1),
];

export const ELEMENTWISE: OperationCase[] = [
  ...activations(1024),
  ...activations(333),
  extremes('relu'),
  extremes('gelu'),
  add(7, 256, false),
  add(7, 256, true),
  add(5, 3, true),
  sumRows(7, 256),
  sumRows(1, 1),
  sumRows(257, 33),
  sumRows(4096, 16),
  sumRows(9000, 70),
];

function loss(pixels: number, scale: number): OperationCase {
  const layout = new CaseBuilder();
  const logits = layout.tensor(2, pixels, x => scale * x);
  const target = layout.tensor(1, pixels, x => Math.max(0, x));
  const valid = layout.tensor(1, pixels, (x, i) => (i % 5 === 1 ? 0 : Math.abs(x)));
  const [value, logitsGradient] = [layout.tensor(1, 1), layout.tensor(2, pixels)];
  return layout.build(`${pixels} pixels, logits to ${scale}`, [
    { kind: 'loss', logits, target, valid, diceSmoothing: 1, loss: value, logitsGradient },
  ]);
}

export const LOSSES: OperationCase[] = [loss(1024, 5), loss(5003, 1), loss(1, 1), loss(300, 200)];

function adam(count: number, steps: number): OperationCase {
  const layout = new CaseBuilder();
  const parameters = layout.tensor(1, count, x => x, 'parameter').storage;
  const gradients = layout.tensor(1, count, spread, 'gradient').storage;
  const moment1 = layout.tensor(1, count, () => 0, 'moment1').storage;
  const moment2 = layout.tensor(1, count, () => 0, 'moment2').storage;
  const step = layout.tensor(1, 1, () => 0);
  const rates = { learningRate: 1e-2, beta1: 0.9, beta2: 0.99, epsilon: 1e-7 };
  const operation: Operation = {
    kind: 'adam',
    parameters,
    gradients,
    moment1,
    moment2,
    step,
    ...rates,
  };
  const whole = { storage: gradients, offset: 0, rows: 1, columns: count };
  const other = layout.tensor(1, count, x => x / 100);
  const sum: Operation = { kind: 'add', a: whole, b: other, out: whole };
  const updates = Array.from({ length: steps }, () => [operation, sum]).flat();
  return layout.build(`${count} parameters, ${steps} updates`, updates);
}

export const ADAMS: OperationCase[] = [adam(1000, 1), adam(67, 5), adam(5, 60)];
