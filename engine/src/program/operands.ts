import type { Operation, Tensor } from './program';

/** Tensors that an operation reads and writes. A tensor that it adds to is in both lists. */
export interface Operands {
  readonly reads: readonly Tensor[];
  readonly writes: readonly Tensor[];
}

export function operandsOf(operation: Operation): Operands {
  switch (operation.kind) {
    case 'matmul': {
      const { a, b, bias, addend, accumulate, out } = operation;
      const reads = [a, b];
      if (bias) reads.push(bias);
      if (addend) reads.push(addend);
      if (accumulate) reads.push(out);
      return { reads, writes: [out] };
    }
    case 'add':
      return { reads: [operation.a, operation.b], writes: [operation.out] };
    case 'attention': {
      const { query, key, value, attentionWeights, out } = operation;
      return { reads: [query, key, value], writes: [attentionWeights, out] };
    }
    case 'attentionGradient': {
      const { query, key, value, attentionWeights, outGradient } = operation;
      const { scoreGradient, queryGradient, keyGradient, valueGradient } = operation;
      return {
        reads: [query, key, value, attentionWeights, outGradient],
        writes: [scoreGradient, queryGradient, keyGradient, valueGradient],
      };
    }
    case 'layerNorm': {
      const { input, weight, bias, unit, inverse, out } = operation;
      return { reads: [input, weight, bias], writes: [unit, inverse, out] };
    }
    case 'layerNormGradient': {
      const { unit, inverse, weight, outGradient } = operation;
      const { inputGradient, weightGradient, biasGradient } = operation;
      return {
        reads: [unit, inverse, weight, outGradient, weightGradient, biasGradient],
        writes: [inputGradient, weightGradient, biasGradient],
      };
    }
    case 'activation':
      return { reads: [operation.input], writes: [operation.out] };
    case 'activationGradient': {
      const { input, outGradient, inputGradient } = operation;
      return { reads: [input, outGradient], writes: [inputGradient] };
    }
    case 'unfold':
      return { reads: [operation.input], writes: [operation.out] };
    case 'unfoldGradient':
      return { reads: [operation.outGradient], writes: [operation.inputGradient] };
    case 'sumRows':
      return { reads: [operation.input, operation.out], writes: [operation.out] };
    case 'loss': {
      const { logits, target, valid, loss, logitsGradient } = operation;
      return { reads: [logits, target, valid], writes: [loss, logitsGradient] };
    }
    case 'adam': {
      const { parameters, gradients, moment1, moment2, step } = operation;
      const all = [parameters, gradients, moment1, moment2].map(storage => ({
        storage,
        offset: 0,
        rows: 1,
        columns: storage.length,
      }));
      return { reads: [...all, step], writes: [...all, step] };
    }
  }
}
