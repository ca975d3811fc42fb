import { gelu, geluSlope } from './functions';
import { shareEnd, shareStart } from './thread';

const RELU: i32 = 0;

/** `out = a + b` */
export function add(length: i32, a: usize, b: usize, out: usize): void {
  const end = 4 * <usize>shareEnd(length, 4);
  let at = 4 * <usize>shareStart(length, 4);
  for (; at + 16 <= end; at += 16) {
    v128.store(out + at, f32x4.add(v128.load(a + at), v128.load(b + at)));
  }
  for (; at < end; at += 4) store<f32>(out + at, load<f32>(a + at) + load<f32>(b + at));
}

/** Applies an activation function. @param kind 0: relu, 1: gelu */
export function activation(kind: i32, length: i32, input: usize, out: usize): void {
  const end = 4 * <usize>shareEnd(length, 4);
  let at = 4 * <usize>shareStart(length, 4);
  for (; at + 16 <= end; at += 16) v128.store(out + at, activated(kind, v128.load(input + at)));
  for (; at < end; at += 4) {
    const value = activated(kind, v128.load32_splat(input + at));
    store<f32>(out + at, f32x4.extract_lane(value, 0));
  }
}

export function activationGradient(
  kind: i32,
  length: i32,
  input: usize,
  outGradient: usize,
  inputGradient: usize,
): void {
  const end = 4 * <usize>shareEnd(length, 4);
  let at = 4 * <usize>shareStart(length, 4);
  for (; at + 16 <= end; at += 16) {
    const slope = slopeOf(kind, v128.load(input + at));
    v128.store(inputGradient + at, f32x4.mul(slope, v128.load(outGradient + at)));
  }
  for (; at < end; at += 4) {
    const slope = f32x4.extract_lane(slopeOf(kind, v128.load32_splat(input + at)), 0);
    store<f32>(inputGradient + at, slope * load<f32>(outGradient + at));
  }
}

function activated(kind: i32, x: v128): v128 {
  return kind == RELU ? f32x4.max(x, f32x4.splat(0)) : gelu(x);
}

function slopeOf(kind: i32, x: v128): v128 {
  if (kind != RELU) return geluSlope(x);
  return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
}

/** Sums this many rows separately first: a long float32 sum loses its last digits. */
const ROWS_AT_ONCE: i32 = 256;

/** Adds the column sums of `input` to `out`; with `factor` (of the same layout), those of the products. */
export function sumRows(rows: i32, columns: i32, input: usize, factor: usize, out: usize): void {
  const step: usize = 4 * <usize>columns;
  const end = 4 * <usize>shareEnd(columns, 16);
  const start = 4 * <usize>shareStart(columns, 16);
  for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
    const from = <usize>row * step;
    const count = min(ROWS_AT_ONCE, rows - row);
    let column = start;
    for (; column + 64 <= end; column += 64) {
      sum16Columns(
        count,
        step,
        input + from + column,
        factor ? factor + from + column : 0,
        out + column,
      );
    }
    for (; column < end; column += 4) {
      let total: f32 = 0;
      let at = from + column;
      for (let i = 0; i < count; i++, at += step) {
        const value = load<f32>(input + at);
        total += factor ? value * load<f32>(factor + at) : value;
      }
      store<f32>(out + column, load<f32>(out + column) + total);
    }
  }
}

function sum16Columns(rows: i32, step: usize, input: usize, factor: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let row = 0; row < rows; row++, input += step) {
    let v0 = v128.load(input);
    let v1 = v128.load(input, 16);
    let v2 = v128.load(input, 32);
    let v3 = v128.load(input, 48);
    if (factor) {
      v0 = f32x4.mul(v0, v128.load(factor));
      v1 = f32x4.mul(v1, v128.load(factor, 16));
      v2 = f32x4.mul(v2, v128.load(factor, 32));
      v3 = f32x4.mul(v3, v128.load(factor, 48));
      factor += step;
    }
    s0 = f32x4.add(s0, v0);
    s1 = f32x4.add(s1, v1);
    s2 = f32x4.add(s2, v2);
    s3 = f32x4.add(s3, v3);
  }
  v128.store(out, f32x4.add(v128.load(out), s0));
  v128.store(out, f32x4.add(v128.load(out, 16), s1), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), s2), 32);
  v128.store(out, f32x4.add(v128.load(out, 48), s3), 48);
}

/**
 * Copies rows: row `i` of `out` is row `indices[i]` of `input`, or of `other` where that is -1.
 *
 * @param indices int32
 * @param other one row
 */
export function gatherRows(
  rows: i32,
  columns: i32,
  input: usize,
  indices: usize,
  other: usize,
  out: usize,
): void {
  const bytes: usize = 4 * <usize>columns;
  for (let row = shareStart(rows, 1), end = shareEnd(rows, 1); row < end; row++) {
    const index = load<i32>(indices + 4 * <usize>row);
    const from = index < 0 ? other : input + <usize>index * bytes;
    memory.copy(out + <usize>row * bytes, from, bytes);
  }
}

/** Transposes [rows, columns] to [columns, rows]. */
export function transpose(rows: i32, columns: i32, input: usize, out: usize): void {
  for (let column = shareStart(columns, 16), end = shareEnd(columns, 16); column < end;) {
    const width = min(16, end - column);
    for (let row = 0; row < rows; row++) {
      const from = input + 4 * <usize>(row * columns + column);
      for (let i = 0; i < width; i++) {
        store<f32>(out + 4 * <usize>((column + i) * rows + row), load<f32>(from + 4 * <usize>i));
      }
    }
    column += width;
  }
}
