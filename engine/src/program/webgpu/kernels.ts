import type { Operation } from '../program';
import type { Kernel } from './kernel';
import { adamKernels } from './kernels/adam';
import { attentionKernels } from './kernels/attention';
import { attentionGradientKernels } from './kernels/attentionGradient';
import { sumRowsKernels } from './kernels/columnSums';
import { activationGradientKernels, activationKernels, addKernels } from './kernels/elementwise';
import { layerNormGradientKernels, layerNormKernels } from './kernels/layerNorm';
import { lossKernels } from './kernels/loss';
import { matmulKernels } from './kernels/matmul';
import { unfoldGradientKernels, unfoldKernels } from './kernels/unfold';

/** Returns the dispatches that compute an operation, in order. */
export function kernelsOf(operation: Operation): Kernel[] {
  switch (operation.kind) {
    case 'matmul':
      return matmulKernels(operation);
    case 'add':
      return addKernels(operation);
    case 'attention':
      return attentionKernels(operation);
    case 'attentionGradient':
      return attentionGradientKernels(operation);
    case 'layerNorm':
      return layerNormKernels(operation);
    case 'layerNormGradient':
      return layerNormGradientKernels(operation);
    case 'activation':
      return activationKernels(operation);
    case 'activationGradient':
      return activationGradientKernels(operation);
    case 'unfold':
      return unfoldKernels(operation);
    case 'unfoldGradient':
      return unfoldGradientKernels(operation);
    case 'sumRows':
      return sumRowsKernels(operation);
    case 'loss':
      return lossKernels(operation);
    case 'adam':
      return adamKernels(operation);
  }
}
