/** Flags of the kernel `matmul`: see engine/kernels/matmul.ts. */
export const TRANSPOSE_A = 1;
export const TRANSPOSE_B = 2;
export const ACCUMULATE = 4;
export const GELU = 8;
