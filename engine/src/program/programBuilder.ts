import {
  ALIGNMENT,
  type ActivationFunction,
  type Operation,
  type Role,
  type Storage,
  type Tensor,
} from './program';
import { GradientTape } from './gradientTape';

/**
 * Records a forward computation, operation by operation, and derives the operations that compute its
 * gradients (reverse-mode differentiation). Nothing is computed here.
 */
export class ProgramBuilder {
  readonly storages: Storage[] = [];
  readonly forward: Operation[] = [];
  private readonly backward: (() => void)[] = [];
  private readonly gradients: GradientTape;
  /** Storages that depend on a parameter. */
  private readonly trained = new Set<Storage>();

  /** @param parameterLength number of values of all parameters together */
  constructor(readonly parameterLength: number) {
    this.parameters = this.storage('parameter', parameterLength);
    this.parameterGradients = this.storage('gradient', parameterLength);
    this.trained.add(this.parameters);
    this.gradients = new GradientTape(
      this.parameters,
      this.parameterGradients,
      length => this.storage('work', length),
      operation => this.gradientOperations.push(operation),
    );
  }

  readonly parameters: Storage;
  readonly parameterGradients: Storage;
  /** Filled by `differentiate`. */
  readonly gradientOperations: Operation[] = [];

  storage(role: Role, length: number): Storage {
    const storage = { id: this.storages.length, role, length };
    this.storages.push(storage);
    return storage;
  }

  /** A tensor in a storage of its own. */
  tensor(role: Role, rows: number, columns: number): Tensor {
    return { storage: this.storage(role, rows * columns), offset: 0, rows, columns };
  }

  /** `a b` or, with `transposeB`, `a bᵀ`, plus bias and addend; written to `out` if given. */
  matmul(
    a: Tensor,
    b: Tensor,
    {
      transposeA = false,
      transposeB = false,
      bias = null,
      addend = null,
      biasParameter = bias,
      out,
    }: {
      transposeA?: boolean;
      transposeB?: boolean;
      bias?: Tensor | null;
      addend?: Tensor | null;
      /** Parameter that `bias` repeats; it gets the gradient instead of `bias`. */
      biasParameter?: Tensor | null;
      out?: Tensor;
    } = {},
  ): Tensor {
    const result =
      out ?? this.tensor('work', transposeA ? a.columns : a.rows, transposeB ? b.rows : b.columns);
    this.emit(
      {
        kind: 'matmul',
        ...{ a, b, transposeA, transposeB, bias, addend },
        accumulate: false,
        out: result,
      },
      [a, b, ...(bias ? [bias] : []), ...(addend ? [addend] : [])],
      dy => {
        // With y = op(a) op(b): d op(a) = dy op(b)ᵀ and d op(b) = op(a)ᵀ dy.
        this.addMatMul(a, transposeA ? b : dy, transposeA ? dy : b, {
          transposeA: transposeA && transposeB,
          transposeB: transposeA || !transposeB,
        });
        this.addMatMul(b, transposeB ? dy : a, transposeB ? a : dy, {
          transposeA: transposeB || !transposeA,
          transposeB: transposeB && transposeA,
        });
        if (biasParameter) {
          const out = this.gradients.of(biasParameter);
          const input = reshaped(dy, (dy.rows * dy.columns) / out.columns, out.columns);
          this.gradientOperations.push({ kind: 'sumRows', input, out });
        }
        if (addend && this.isTrained(addend)) this.gradients.handOver(addend, dy);
      },
      result,
    );
    return result;
  }

  /** `a + b` */
  add(a: Tensor, b: Tensor): Tensor {
    const out = this.tensor('work', a.rows, a.columns);
    this.emit(
      { kind: 'add', a, b, out },
      [a, b],
      dy => {
        const operands = [a, b].filter(one => this.isTrained(one));
        // An operand with a gradient adds this one to it first; after that, the other may take over its
        // memory.
        operands.sort((x, y) => Number(this.gradients.has(y)) - Number(this.gradients.has(x)));
        for (const operand of operands) this.gradients.handOver(operand, dy);
      },
      out,
    );
    return out;
  }

  /** Multi-head attention: see `Attention` in `program.ts`. */
  attention(query: Tensor, key: Tensor, value: Tensor, heads: number): Tensor {
    const out = this.tensor('work', query.rows, query.columns);
    const attentionWeights = this.tensor('work', heads * query.rows, key.rows);
    this.emit(
      { kind: 'attention', query, key, value, heads, attentionWeights, out },
      [query, key, value],
      dy => {
        const parts = [query, key, value].map(one => this.gradients.contribution(one));
        this.gradientOperations.push({
          kind: 'attentionGradient',
          ...{ query, key, value, heads, attentionWeights },
          outGradient: dy,
          scoreGradient: this.tensor('work', attentionWeights.rows, attentionWeights.columns),
          queryGradient: parts[0].room,
          keyGradient: parts[1].room,
          valueGradient: parts[2].room,
        });
        parts.forEach(({ finish }) => finish());
      },
      out,
    );
    return out;
  }

  /** See `LayerNorm` in `program.ts`. */
  layerNorm(input: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
    const out = this.tensor('work', input.rows, input.columns);
    const unit = this.tensor('work', input.rows, input.columns);
    const inverse = this.tensor('work', input.rows, 1);
    this.emit(
      { kind: 'layerNorm', input, weight, bias, epsilon, unit, inverse, out },
      [input, weight, bias],
      dy => {
        const { room, finish } = this.gradients.contribution(input);
        this.gradientOperations.push({
          kind: 'layerNormGradient',
          ...{ unit, inverse, weight },
          outGradient: dy,
          inputGradient: room,
          weightGradient: this.gradients.of(weight),
          biasGradient: this.gradients.of(bias),
        });
        finish();
      },
      out,
    );
    return out;
  }

  activation(name: ActivationFunction, input: Tensor): Tensor {
    const out = this.tensor('work', input.rows, input.columns);
    this.emit(
      { kind: 'activation', function: name, input, out },
      [input],
      dy => {
        const { room, finish } = this.gradients.contribution(input);
        this.gradientOperations.push({
          kind: 'activationGradient',
          function: name,
          input,
          outGradient: dy,
          inputGradient: room,
        });
        finish();
      },
      out,
    );
    return out;
  }

  /** The neighborhoods of a square grid's cells: see `Unfold` in `program.ts`. */
  unfold(input: Tensor, size: number, dilation: number): Tensor {
    const out = this.tensor('work', input.rows, 9 * input.columns);
    this.emit(
      { kind: 'unfold', size, dilation, input, out },
      [input],
      dy => {
        const { room, finish } = this.gradients.contribution(input);
        this.gradientOperations.push({
          kind: 'unfoldGradient',
          ...{ size, dilation },
          outGradient: dy,
          inputGradient: room,
        });
        finish();
      },
      out,
    );
    return out;
  }

  /** Computes the loss, where the gradients start: see `Loss` in `program.ts`. */
  loss(logits: Tensor, target: Tensor, valid: Tensor, diceSmoothing: number): Tensor {
    const loss = this.tensor('output', 1, 1);
    this.gradientOperations.push({
      kind: 'loss',
      ...{ logits, target, valid, diceSmoothing, loss },
      logitsGradient: this.gradients.first(logits),
    });
    return loss;
  }

  /** Records the gradients of every parameter. Call it after `loss`. */
  differentiate(): void {
    for (const step of this.backward.reverse()) step();
    this.backward.length = 0;
  }

  private isTrained({ storage }: Tensor): boolean {
    return this.trained.has(storage);
  }

  private emit(
    operation: Operation,
    operands: readonly Tensor[],
    backward: (outGradient: Tensor) => void,
    out: Tensor,
  ): void {
    this.forward.push(operation);
    if (!operands.some(operand => this.isTrained(operand))) return;
    this.trained.add(out.storage);
    this.backward.push(() => {
      this.gradients.nextOperation();
      if (this.gradients.has(out)) backward(this.gradients.of(out));
    });
  }

  /** Adds a matmul to the gradient of `operand`, unless it depends on no parameter. */
  private addMatMul(
    operand: Tensor,
    a: Tensor,
    b: Tensor,
    transposes: { transposeA: boolean; transposeB: boolean },
  ): void {
    if (!this.isTrained(operand)) return;
    const accumulate = this.gradients.has(operand);
    const out = accumulate ? this.gradients.of(operand) : this.gradients.first(operand);
    this.gradientOperations.push({
      kind: 'matmul',
      ...{ a, b, ...transposes, out, accumulate },
      bias: null,
      addend: null,
    });
  }
}

/** Rounds an offset up to one where a tensor may start. */
export function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

/** Returns a view of the same values in another shape. */
export function reshaped(tensor: Tensor, rows: number, columns: number): Tensor {
  return { ...tensor, rows, columns };
}

/** Returns a view of one row; the row length must be a multiple of `ALIGNMENT`. */
export function rowOf(tensor: Tensor, row: number): Tensor {
  return { ...tensor, offset: tensor.offset + row * tensor.columns, rows: 1 };
}
