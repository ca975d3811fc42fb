import type {
  Activation,
  ActivationGradient,
  Adam,
  Add,
  Attention,
  AttentionGradient,
  Executor,
  LayerNorm,
  LayerNormGradient,
  Loss,
  Operation,
  MatMul,
  Program,
  SumRows,
  Tensor,
  Unfold,
  UnfoldGradient,
} from './program';
import { activate, slope, softmax, softplus } from './scalarFunctions';

/** A view of a tensor's values. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
  set(row: number, column: number, value: number): void;
  fill(value: number): void;
}

/**
 * Runs a program in plain JavaScript as the reference for other executors. Every operation follows its
 * definition literally; values are rounded to float32 only when read.
 */
export class ReferenceExecutor implements Executor {
  private readonly memory: Map<number, Float64Array>;

  constructor(private readonly program: Program) {
    this.memory = new Map(program.storages.map(({ id, length }) => [id, new Float64Array(length)]));
  }

  write(tensor: Tensor, values: Float32Array): void {
    this.values(tensor).set(values);
  }

  async read(tensor: Tensor): Promise<Float32Array> {
    return Float32Array.from(this.values(tensor));
  }

  /** Returns a copy of the values as computed, not rounded to float32. */
  readExactly(tensor: Tensor): Float64Array {
    return this.values(tensor).slice();
  }

  async run(sequence: string): Promise<void> {
    for (const operation of this.program.sequences[sequence]) this.execute(operation);
  }

  dispose(): void {
    this.memory.clear();
  }

  private values({ storage, offset, rows, columns }: Tensor): Float64Array {
    return this.memory.get(storage.id)!.subarray(offset, offset + rows * columns);
  }

  private matrix(tensor: Tensor): Matrix {
    const { rows, columns } = tensor;
    const values = this.values(tensor);
    return {
      rows,
      columns,
      at: (row, column) => values[row * columns + column],
      set: (row, column, value) => {
        values[row * columns + column] = value;
      },
      fill: value => {
        values.fill(value);
      },
    };
  }

  private execute(operation: Operation): void {
    switch (operation.kind) {
      case 'matmul':
        return this.matmul(operation);
      case 'add':
        return this.add(operation);
      case 'attention':
        return this.attention(operation);
      case 'attentionGradient':
        return this.attentionGradient(operation);
      case 'layerNorm':
        return this.layerNorm(operation);
      case 'layerNormGradient':
        return this.layerNormGradient(operation);
      case 'activation':
        return this.activation(operation);
      case 'activationGradient':
        return this.activationGradient(operation);
      case 'unfold':
        return this.unfold(operation);
      case 'unfoldGradient':
        return this.unfoldGradient(operation);
      case 'sumRows':
        return this.sumRows(operation);
      case 'loss':
        return this.loss(operation);
      case 'adam':
        return this.adam(operation);
    }
  }

  /** Most of the work is here, so it reads the values where they are: eight times as fast as by `Matrix`. */
  private matmul({ transposeA, transposeB, accumulate, ...operation }: MatMul): void {
    const [a, b] = [this.values(operation.a), this.values(operation.b)];
    const [aColumns, bColumns] = [operation.a.columns, operation.b.columns];
    const inner = transposeA ? operation.a.rows : aColumns;
    const [aRow, aStep] = transposeA ? [1, aColumns] : [aColumns, 1];
    const [bColumn, bStep] = transposeB ? [bColumns, 1] : [1, bColumns];
    const bias = operation.bias && this.matrix(operation.bias);
    const addend = operation.addend && this.matrix(operation.addend);
    const out = this.matrix(operation.out);
    for (let row = 0; row < out.rows; row++) {
      for (let column = 0; column < out.columns; column++) {
        let sum = 0;
        for (let i = 0, left = row * aRow, right = column * bColumn; i < inner; i++) {
          sum += a[left] * b[right];
          left += aStep;
          right += bStep;
        }
        if (bias) sum += bias.at(0, column);
        if (addend) sum += addend.at(row, column);
        if (accumulate) sum += out.at(row, column);
        out.set(row, column, sum);
      }
    }
  }

  private add({ a, b, out }: Add): void {
    const [left, right] = [this.values(a), this.values(b)];
    this.values(out).set(left.map((value, i) => value + right[i]));
  }

  private attention(operation: Attention): void {
    const { heads } = operation;
    const [query, key, value] = [operation.query, operation.key, operation.value].map(tensor =>
      this.matrix(tensor),
    );
    const attentionWeights = this.matrix(operation.attentionWeights);
    const out = this.matrix(operation.out);
    const width = query.columns / heads;
    for (let head = 0; head < heads; head++) {
      const first = head * width;
      for (let row = 0; row < query.rows; row++) {
        const scores = Array.from(
          { length: key.rows },
          (_, j) =>
            sumOf(width, c => query.at(row, first + c) * key.at(j, first + c)) / Math.sqrt(width),
        );
        softmax(scores).forEach((weight, j) =>
          attentionWeights.set(head * query.rows + row, j, weight),
        );
        for (let c = first; c < first + width; c++) {
          const sum = sumOf(
            key.rows,
            j => attentionWeights.at(head * query.rows + row, j) * value.at(j, c),
          );
          out.set(row, c, sum);
        }
      }
    }
  }

  private attentionGradient({ heads, ...operation }: AttentionGradient): void {
    const [query, key, value] = [operation.query, operation.key, operation.value].map(tensor =>
      this.matrix(tensor),
    );
    const attentionWeights = this.matrix(operation.attentionWeights);
    const outGradient = this.matrix(operation.outGradient);
    const scoreGradient = this.matrix(operation.scoreGradient);
    const queryGradient = this.matrix(operation.queryGradient);
    const keyGradient = this.matrix(operation.keyGradient);
    const valueGradient = this.matrix(operation.valueGradient);
    const [n, m] = [query.rows, key.rows];
    const width = query.columns / heads;
    for (let head = 0; head < heads; head++) {
      const first = head * width;
      for (let row = 0; row < n; row++) {
        const place = head * n + row;
        const weightSlopes = Array.from({ length: m }, (_, j) =>
          sumOf(width, c => outGradient.at(row, first + c) * value.at(j, first + c)),
        );
        const mean = sumOf(m, j => attentionWeights.at(place, j) * weightSlopes[j]);
        for (let j = 0; j < m; j++) {
          const slope = attentionWeights.at(place, j) * (weightSlopes[j] - mean);
          scoreGradient.set(place, j, slope / Math.sqrt(width));
        }
      }
      for (let c = first; c < first + width; c++) {
        for (let row = 0; row < n; row++) {
          const sum = sumOf(m, j => scoreGradient.at(head * n + row, j) * key.at(j, c));
          queryGradient.set(row, c, sum);
        }
        for (let j = 0; j < m; j++) {
          const sumOverRows = (of: Matrix, by: Matrix) =>
            sumOf(n, row => of.at(head * n + row, j) * by.at(row, c));
          keyGradient.set(j, c, sumOverRows(scoreGradient, query));
          valueGradient.set(j, c, sumOverRows(attentionWeights, outGradient));
        }
      }
    }
  }

  private layerNorm({ epsilon, ...operation }: LayerNorm): void {
    const input = this.matrix(operation.input);
    const weight = this.matrix(operation.weight);
    const bias = this.matrix(operation.bias);
    const unit = this.matrix(operation.unit);
    const inverse = this.matrix(operation.inverse);
    const out = this.matrix(operation.out);
    const { rows, columns } = input;
    for (let row = 0; row < rows; row++) {
      const mean = sumOf(columns, c => input.at(row, c)) / columns;
      const variance = sumOf(columns, c => (input.at(row, c) - mean) ** 2) / columns;
      inverse.set(row, 0, 1 / Math.sqrt(variance + epsilon));
      for (let c = 0; c < columns; c++) {
        unit.set(row, c, (input.at(row, c) - mean) * inverse.at(row, 0));
        out.set(row, c, unit.at(row, c) * weight.at(0, c) + bias.at(0, c));
      }
    }
  }

  private layerNormGradient(operation: LayerNormGradient): void {
    const unit = this.matrix(operation.unit);
    const inverse = this.matrix(operation.inverse);
    const weight = this.matrix(operation.weight);
    const outGradient = this.matrix(operation.outGradient);
    const inputGradient = this.matrix(operation.inputGradient);
    const weightGradient = this.matrix(operation.weightGradient);
    const biasGradient = this.matrix(operation.biasGradient);
    const { rows, columns } = unit;
    for (let c = 0; c < columns; c++) {
      const toWeight = sumOf(rows, row => outGradient.at(row, c) * unit.at(row, c));
      weightGradient.set(0, c, weightGradient.at(0, c) + toWeight);
      biasGradient.set(0, c, biasGradient.at(0, c) + sumOf(rows, row => outGradient.at(row, c)));
    }
    for (let row = 0; row < rows; row++) {
      const unitGradient = Array.from(
        { length: columns },
        (_, c) => outGradient.at(row, c) * weight.at(0, c),
      );
      const mean = sumOf(columns, c => unitGradient[c]) / columns;
      const along = sumOf(columns, c => unitGradient[c] * unit.at(row, c)) / columns;
      for (let c = 0; c < columns; c++) {
        const across = unitGradient[c] - mean - unit.at(row, c) * along;
        inputGradient.set(row, c, across * inverse.at(row, 0));
      }
    }
  }

  private activation({ function: name, input, out }: Activation): void {
    this.values(out).set(this.values(input).map(x => activate(name, x)));
  }

  private activationGradient({
    function: name,
    input,
    outGradient,
    inputGradient,
  }: ActivationGradient): void {
    const x = this.values(input);
    const gradient = this.values(outGradient).map((value, i) => value * slope(name, x[i]));
    this.values(inputGradient).set(gradient);
  }

  private unfold({ size, dilation, ...operation }: Unfold): void {
    const input = this.matrix(operation.input);
    const out = this.matrix(operation.out);
    out.fill(0);
    for (const { cell, neighbor, part } of neighbors(size, dilation)) {
      for (let c = 0; c < input.columns; c++) {
        out.set(cell, part * input.columns + c, input.at(neighbor, c));
      }
    }
  }

  private unfoldGradient({ size, dilation, ...operation }: UnfoldGradient): void {
    const outGradient = this.matrix(operation.outGradient);
    const inputGradient = this.matrix(operation.inputGradient);
    const { columns } = inputGradient;
    inputGradient.fill(0);
    for (const { cell, neighbor, part } of neighbors(size, dilation)) {
      for (let c = 0; c < columns; c++) {
        const sum = inputGradient.at(neighbor, c) + outGradient.at(cell, part * columns + c);
        inputGradient.set(neighbor, c, sum);
      }
    }
  }

  private sumRows(operation: SumRows): void {
    const input = this.matrix(operation.input);
    const out = this.matrix(operation.out);
    for (let c = 0; c < input.columns; c++) {
      out.set(0, c, out.at(0, c) + sumOf(input.rows, row => input.at(row, c)));
    }
  }

  /** See `segmentationLoss` for the gradient. */
  private loss({ diceSmoothing, ...operation }: Loss): void {
    const logits = this.matrix(operation.logits);
    const target = this.values(operation.target);
    const valid = this.values(operation.valid);
    const gradient = this.matrix(operation.logitsGradient);
    const count = target.length;
    const difference = Array.from({ length: count }, (_, i) => logits.at(0, i) - logits.at(1, i));
    const probability = difference.map(x => 1 / (1 + Math.exp(-x)));
    const pixels = sumOf(count, i => valid[i]);
    const crossEntropy =
      sumOf(count, i => (softplus(difference[i]) - target[i] * difference[i]) * valid[i]) / pixels;
    const overlap = 2 * sumOf(count, i => probability[i] * target[i] * valid[i]) + diceSmoothing;
    const both = sumOf(count, i => (probability[i] + target[i]) * valid[i]) + diceSmoothing;
    this.values(operation.loss)[0] = crossEntropy + 1 - overlap / both;
    for (let i = 0; i < count; i++) {
      const dice = (overlap - 2 * target[i] * both) / both ** 2;
      const change = dice * probability[i] * (1 - probability[i]);
      const value = ((probability[i] - target[i]) / pixels + change) * valid[i];
      gradient.set(0, i, value);
      gradient.set(1, i, -value);
    }
  }

  private adam({ learningRate, beta1, beta2, epsilon, ...operation }: Adam): void {
    const [parameters, gradients, moment1, moment2] = [
      operation.parameters,
      operation.gradients,
      operation.moment1,
      operation.moment2,
    ].map(({ id }) => this.memory.get(id)!);
    const step = ++this.values(operation.step)[0];
    for (let i = 0; i < parameters.length; i++) {
      moment1[i] = beta1 * moment1[i] + (1 - beta1) * gradients[i];
      moment2[i] = beta2 * moment2[i] + (1 - beta2) * gradients[i] ** 2;
      const mean = moment1[i] / (1 - beta1 ** step);
      const square = moment2[i] / (1 - beta2 ** step);
      parameters[i] -= (learningRate * mean) / (Math.sqrt(square) + epsilon);
      gradients[i] = 0;
    }
  }
}

/** Pairs of a square grid's cells, and which of the nine parts of the first one's neighborhood the second is. */
function neighbors(size: number, dilation: number) {
  const pairs: { cell: number; neighbor: number; part: number }[] = [];
  const isInside = (at: number) => at >= 0 && at < size;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let part = 0; part < 9; part++) {
        const row = y + (Math.floor(part / 3) - 1) * dilation;
        const column = x + ((part % 3) - 1) * dilation;
        if (!isInside(row) || !isInside(column)) continue;
        pairs.push({ cell: y * size + x, neighbor: row * size + column, part });
      }
    }
  }
  return pairs;
}

/** Sum of `term(0)` to `term(count - 1)`. */
function sumOf(count: number, term: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(i);
  return sum;
}
