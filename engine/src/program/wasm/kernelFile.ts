/** One variant of the compiled kernels. */
export interface KernelFlavour {
  /** For memory that threads share. */
  shared: boolean;
  /** With the multiply-add of relaxed SIMD. */
  relaxed: boolean;
}

/** All variants that the build makes. */
export const KERNEL_FLAVOURS: readonly KernelFlavour[] = [
  { shared: false, relaxed: false },
  { shared: true, relaxed: false },
  { shared: false, relaxed: true },
  { shared: true, relaxed: true },
];

export function kernelFileName({ shared, relaxed }: KernelFlavour): string {
  return `fewshot-kernels${shared ? '-shared' : ''}${relaxed ? '-relaxed' : ''}.wasm`;
}

/** A module whose only function is `f32x4.relaxed_madd(x, x, x)`, to test for relaxed SIMD. */
const RELAXED_MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic, version
  ...[1, 6, 1, 0x60, 1, 0x7b, 1, 0x7b], // type: (v128) -> v128
  ...[3, 2, 1, 0], // one function of it
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x85, 2, 0x0b], // its body
);

/**
 * Whether relaxed SIMD may be used: Chrome since 114, Firefox since 145, Node since 21
 * (https://github.com/WebAssembly/relaxed-simd).
 */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_MODULE);
}
