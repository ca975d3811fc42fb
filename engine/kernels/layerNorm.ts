import { sum } from './functions';
import { shareEnd, shareStart } from './thread';

/**
 * `unit = (x - mean) / sqrt(variance + epsilon)` over each row, `out = unit weight + bias`.
 *
 * @param columns a multiple of 4
 * @param unit [rows, columns], or 0 not to store it
 * @param inverse [rows], or 0 not to store it
 */
export function layerNorm(
  rows: i32,
  columns: i32,
  input: usize,
  weight: usize,
  bias: usize,
  epsilon: f32,
  unit: usize,
  inverse: usize,
  out: usize,
): void {
  const bytes: usize = 4 * <usize>columns;
  const count = <f32>columns;
  for (let row = shareStart(rows, 1), end = shareEnd(rows, 1); row < end; row++) {
    const at = <usize>row * bytes;
    const from = input + at;
    let total = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) total = f32x4.add(total, v128.load(from + i));
    const mean = f32x4.splat(sum(total) / count);
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const centerd = f32x4.sub(v128.load(from + i), mean);
      squares = f32x4.add(squares, f32x4.mul(centerd, centerd));
    }
    const factor: f32 = 1 / sqrt<f32>(sum(squares) / count + epsilon);
    if (inverse) store<f32>(inverse + 4 * <usize>row, factor);
    const factors = f32x4.splat(factor);
    for (let i: usize = 0; i < bytes; i += 16) {
      const normalized = f32x4.mul(f32x4.sub(v128.load(from + i), mean), factors);
      if (unit) v128.store(unit + at + i, normalized);
      const scaled = f32x4.mul(normalized, v128.load(weight + i));
      v128.store(out + at + i, f32x4.add(scaled, v128.load(bias + i)));
    }
  }
}

/** Computes the gradient of the input; those of weight and bias are column sums: see `sumRows`. */
export function layerNormGradient(
  rows: i32,
  columns: i32,
  unit: usize,
  inverse: usize,
  weight: usize,
  outGradient: usize,
  inputGradient: usize,
): void {
  const bytes: usize = 4 * <usize>columns;
  const count = <f32>columns;
  for (let row = shareStart(rows, 1), end = shareEnd(rows, 1); row < end; row++) {
    const at = <usize>row * bytes;
    let total = f32x4.splat(0);
    let along = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const slope = f32x4.mul(v128.load(outGradient + at + i), v128.load(weight + i));
      total = f32x4.add(total, slope);
      along = f32x4.add(along, f32x4.mul(slope, v128.load(unit + at + i)));
    }
    const mean = f32x4.splat(sum(total) / count);
    const share = f32x4.splat(sum(along) / count);
    const factor = v128.load32_splat(inverse + 4 * <usize>row);
    for (let i: usize = 0; i < bytes; i += 16) {
      const slope = f32x4.mul(v128.load(outGradient + at + i), v128.load(weight + i));
      const parallel = f32x4.mul(v128.load(unit + at + i), share);
      const across = f32x4.sub(f32x4.sub(slope, mean), parallel);
      v128.store(inputGradient + at + i, f32x4.mul(across, factor));
    }
  }
}
