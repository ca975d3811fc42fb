/**
 * A computation of fixed shapes, recorded once and run many times: the contract between the programs
 * (`decoderProgram.ts`) and the executors (`webgpu/`, `wasm/`, and `referenceExecutor.ts` as the
 * reference). Every value is float32; every tensor is a row-major matrix.
 */

/**
 * Purpose of a storage.
 * - `parameter`: trained weights; `gradient`, `moment1` and `moment2` have the same layout.
 * - `constant`: written once, before the first run.
 * - `input`: written before a run, `output`: read after one. Both keep their values between runs.
 * - `work`: valid only from the operation that writes it to the last that reads it.
 */
export type Role =
  'parameter' | 'gradient' | 'moment1' | 'moment2' | 'constant' | 'input' | 'output' | 'work';

/** A block of memory. */
export interface Storage {
  /** Counts from 0 within a program. */
  readonly id: number;
  readonly role: Role;
  /** In float32 values. */
  readonly length: number;
}

/** A matrix in a storage. Every tensor starts at a multiple of `ALIGNMENT`. */
export interface Tensor {
  readonly storage: Storage;
  /** Index of its first value in the storage. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** In values: 256 bytes, the alignment of a WebGPU binding. */
export const ALIGNMENT = 64;

/**
 * `out = op(a) op(b) + bias + addend`, where `op` transposes if `transposeA` or `transposeB` is set; with
 * `accumulate`, the old `out` is added too. `out` may be `addend`, but overlaps no other operand.
 */
export interface MatMul {
  readonly kind: 'matmul';
  readonly a: Tensor;
  readonly b: Tensor;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** [1, columns of out] */
  readonly bias: Tensor | null;
  /** Same shape as `out`. */
  readonly addend: Tensor | null;
  readonly accumulate: boolean;
  readonly out: Tensor;
}

/** `out = a + b`, of one shape; `out` may be `a`. */
export interface Add {
  readonly kind: 'add';
  readonly a: Tensor;
  readonly b: Tensor;
  readonly out: Tensor;
}

/**
 * Multi-head scaled dot-product attention, `softmax(q kᵀ / sqrt(width)) v` for each head, whose
 * channels are the `width` columns from `head * width` on.
 */
export interface Attention {
  readonly kind: 'attention';
  /** [n, heads * width] */
  readonly query: Tensor;
  /** [m, heads * width] */
  readonly key: Tensor;
  /** [m, heads * width] */
  readonly value: Tensor;
  readonly heads: number;
  /** [heads * n, m] the softmax, kept for the gradient */
  readonly attentionWeights: Tensor;
  /** [n, heads * width] */
  readonly out: Tensor;
}

export interface AttentionGradient {
  readonly kind: 'attentionGradient';
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly heads: number;
  readonly attentionWeights: Tensor;
  readonly outGradient: Tensor;
  /** [heads * n, m] gradient of the unscaled scores before the softmax; scratch memory of the executor */
  readonly scoreGradient: Tensor;
  readonly queryGradient: Tensor;
  readonly keyGradient: Tensor;
  readonly valueGradient: Tensor;
}

/** `unit = (input - mean) / sqrt(variance + epsilon)` over each row, `out = unit * weight + bias`. */
export interface LayerNorm {
  readonly kind: 'layerNorm';
  readonly input: Tensor;
  /** [1, columns] */
  readonly weight: Tensor;
  /** [1, columns] */
  readonly bias: Tensor;
  readonly epsilon: number;
  /** Same shape as `input`; kept for the gradient. */
  readonly unit: Tensor;
  /** [rows, 1] `1 / sqrt(variance + epsilon)`; kept for the gradient. */
  readonly inverse: Tensor;
  readonly out: Tensor;
}

export interface LayerNormGradient {
  readonly kind: 'layerNormGradient';
  readonly unit: Tensor;
  readonly inverse: Tensor;
  readonly weight: Tensor;
  readonly outGradient: Tensor;
  /** Written, not added to. */
  readonly inputGradient: Tensor;
  /** [1, columns] added to */
  readonly weightGradient: Tensor;
  /** [1, columns] added to */
  readonly biasGradient: Tensor;
}

/** `relu`: max(x, 0). `gelu`: the exact one, `x (1 + erf(x / sqrt 2)) / 2`. */
export interface Activation {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
  readonly input: Tensor;
  readonly out: Tensor;
}

export type ActivationFunction = 'relu' | 'gelu';

export interface ActivationGradient {
  readonly kind: 'activationGradient';
  readonly function: ActivationFunction;
  readonly input: Tensor;
  /** May be `inputGradient`. */
  readonly outGradient: Tensor;
  /** Written, not added to. */
  readonly inputGradient: Tensor;
}

/**
 * Lays the 3 x 3 neighborhood of each cell of a square grid side by side, row by row, zeros beyond the
 * border: `out[y * size + x, (3 i + j) channels + c] = input[(y + (i - 1) d) size + x + (j - 1) d, c]`.
 * A matmul with the result is a convolution (as with PyTorch's `Unfold`).
 */
export interface Unfold {
  readonly kind: 'unfold';
  /** Cells per side. */
  readonly size: number;
  readonly dilation: number;
  /** [size * size, channels] */
  readonly input: Tensor;
  /** [size * size, 9 * channels] */
  readonly out: Tensor;
}

export interface UnfoldGradient {
  readonly kind: 'unfoldGradient';
  readonly size: number;
  readonly dilation: number;
  /** [size * size, 9 * channels] */
  readonly outGradient: Tensor;
  /** [size * size, channels] written, not added to */
  readonly inputGradient: Tensor;
}

/** `out[0, c] += sum over rows of input[r, c]`. */
export interface SumRows {
  readonly kind: 'sumRows';
  /** [rows, columns] */
  readonly input: Tensor;
  /** [1, columns] added to */
  readonly out: Tensor;
}

/** Cross-entropy plus soft Dice: see `segmentationLoss`. */
export interface Loss {
  readonly kind: 'loss';
  /** [2, pixels] foreground and background */
  readonly logits: Tensor;
  /** [1, pixels] */
  readonly target: Tensor;
  /** [1, pixels] */
  readonly valid: Tensor;
  /** Keeps the Dice term defined where nothing is foreground; in pixels. */
  readonly diceSmoothing: number;
  /** [1, 1] */
  readonly loss: Tensor;
  /** [2, pixels] written */
  readonly logitsGradient: Tensor;
}

/**
 * One update of Adam (Kingma and Ba, ICLR 2015) of everything in `parameters`, as TensorFlow.js computes
 * it: `p -= rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)`. Increments `t` first, and
 * sets the gradients to zero.
 */
export interface Adam {
  readonly kind: 'adam';
  readonly parameters: Storage;
  readonly gradients: Storage;
  readonly moment1: Storage;
  readonly moment2: Storage;
  /** [1, 1] updates so far */
  readonly step: Tensor;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export type Operation =
  | MatMul
  | Add
  | Attention
  | AttentionGradient
  | LayerNorm
  | LayerNormGradient
  | Activation
  | ActivationGradient
  | Unfold
  | UnfoldGradient
  | SumRows
  | Loss
  | Adam;

/** Operations that run in this order. */
export interface Program {
  readonly storages: readonly Storage[];
  /** Named sequences, each run by itself, e.g. `forward`, `gradient`, `update`. */
  readonly sequences: Readonly<Record<string, readonly Operation[]>>;
}

/** Runs the sequences of one program. Every storage starts at zero. */
export interface Executor {
  /** Copies values into `tensor`; takes exactly as many as it holds. */
  write(tensor: Tensor, values: Float32Array): void;
  /** @returns a copy of the values, after all earlier runs */
  read(tensor: Tensor): Promise<Float32Array>;
  /**
   * Starts a sequence. Another may be started before it ends; they run one after the other.
   *
   * @returns resolves when the computation has been submitted; use `read` to get the result
   */
  run(sequence: string): Promise<void>;
  dispose(): void;
}
