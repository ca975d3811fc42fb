import type { Operation, MatMul, Tensor } from '../program';
import { ACCUMULATE, TRANSPOSE_A, TRANSPOSE_B } from './matmulFlags';
import type { KernelCall, KernelSequence } from './kernelModule';

const ACTIVATIONS = { relu: 0, gelu: 1 } as const;

/**
 * Translates an operation into groups of kernel calls; each group depends on those before it.
 *
 * @param at address of a tensor
 * @param sums address of 32 bytes for each thread
 */
export function operationCalls(
  operation: Operation,
  at: (tensor: Tensor) => number,
  sums: number,
): KernelSequence {
  const call = (kernel: string, ...args: number[]): KernelCall => ({ kernel, args });
  switch (operation.kind) {
    case 'matmul':
      return [[matmulCall(operation, at)]];
    case 'add': {
      const { a, b, out } = operation;
      return [[call('add', sizeOf(out), at(a), at(b), at(out))]];
    }
    case 'activation': {
      const { input, out } = operation;
      const kind = ACTIVATIONS[operation.function];
      return [[call('activation', kind, sizeOf(input), at(input), at(out))]];
    }
    case 'activationGradient': {
      const { input, outGradient, inputGradient } = operation;
      const places = [input, outGradient, inputGradient].map(at);
      const kind = ACTIVATIONS[operation.function];
      return [[call('activationGradient', kind, sizeOf(input), ...places)]];
    }
    case 'unfold': {
      const { size, dilation, input, out } = operation;
      return [[call('unfold', size, input.columns, dilation, at(input), at(out))]];
    }
    case 'unfoldGradient': {
      const { size, dilation, outGradient, inputGradient } = operation;
      const places = [outGradient, inputGradient].map(at);
      return [[call('unfoldGradient', size, inputGradient.columns, dilation, ...places)]];
    }
    case 'sumRows': {
      const { input, out } = operation;
      return [[call('sumRows', input.rows, input.columns, at(input), 0, at(out))]];
    }
    case 'layerNorm': {
      const { input, weight, bias, epsilon, unit, inverse, out } = operation;
      if (input.columns % 4 > 0)
        throw new Error(`layerNorm needs a multiple of 4 columns, not ${input.columns}`);
      const places = [at(unit), at(inverse), at(out)];
      const from = [at(input), at(weight), at(bias)];
      return [[call('layerNorm', input.rows, input.columns, ...from, epsilon, ...places)]];
    }
    case 'layerNormGradient': {
      const { unit, inverse, weight, outGradient, inputGradient } = operation;
      const size = [unit.rows, unit.columns];
      const from = [unit, inverse, weight, outGradient].map(at);
      return [
        [
          call('sumRows', ...size, at(outGradient), at(unit), at(operation.weightGradient)),
          call('sumRows', ...size, at(outGradient), 0, at(operation.biasGradient)),
        ],
        // May overwrite `outGradient`.
        [call('layerNormGradient', ...size, ...from, at(inputGradient))],
      ];
    }
    case 'attention': {
      const { query, key, value, heads, attentionWeights, out } = operation;
      const places = [query, key, value, attentionWeights, out].map(at);
      return [[call('attention', ...attentionSize(query, key, heads), ...places)]];
    }
    case 'attentionGradient': {
      const { query, key, value, heads, attentionWeights, outGradient, scoreGradient } = operation;
      const places = [query, key, value, attentionWeights, outGradient, scoreGradient].map(at);
      const gradients = [
        operation.queryGradient,
        operation.keyGradient,
        operation.valueGradient,
      ].map(at);
      const size = attentionSize(query, key, heads);
      return [[call('attentionGradient', ...size, ...places, ...gradients)]];
    }
    case 'loss': {
      const { logits, target, valid, diceSmoothing, loss, logitsGradient } = operation;
      const from = [logits.columns, at(logits), at(target), at(valid), sums];
      return [
        [call('lossSums', ...from)],
        [call('lossGradient', ...from, diceSmoothing, at(loss), at(logitsGradient))],
      ];
    }
    case 'adam': {
      const { parameters, gradients, moment1, moment2, step } = operation;
      const { learningRate, beta1, beta2, epsilon } = operation;
      const places = [parameters, gradients, moment1, moment2].map(storage =>
        at({ storage, offset: 0, rows: 1, columns: storage.length }),
      );
      const settings = [learningRate, beta1, beta2, epsilon];
      return [
        [call('adam', parameters.length, ...places, at(step), ...settings)],
        [call('countUpdate', at(step))],
      ];
    }
  }
}

function matmulCall(
  { a, b, transposeA, transposeB, bias, addend, accumulate, out }: MatMul,
  at: (tensor: Tensor) => number,
): KernelCall {
  const flags =
    (transposeA ? TRANSPOSE_A : 0) | (transposeB ? TRANSPOSE_B : 0) | (accumulate ? ACCUMULATE : 0);
  return {
    kernel: 'matmul',
    args: [
      ...[out.rows, out.columns, transposeA ? a.rows : a.columns],
      ...[at(a), a.columns, at(b), b.columns],
      ...[bias ? at(bias) : 0, addend ? at(addend) : 0],
      ...[at(out), out.columns, flags, 1],
    ],
  };
}

function attentionSize(query: Tensor, key: Tensor, heads: number): number[] {
  return [query.rows, key.rows, heads, query.columns / heads];
}

function sizeOf({ rows, columns }: Tensor): number {
  return rows * columns;
}
