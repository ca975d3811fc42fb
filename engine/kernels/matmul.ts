import { gelu } from './functions';
import { packColumns, packRows } from './pack';
import { scratch, shareEnd, shareStart, threads } from './thread';

/*
 * Matrix products as in Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008):
 * both operands are copied, block by block, into the order in which the innermost loop reads them. That
 * loop holds a tile of 4 x 8 sums; more no longer fit in registers, which halves the speed (measured in V8
 * on x86). With a fused multiply-add, no intermediate register is needed: 6 x 8 sums fit, and a matmul takes
 * a fifth less time.
 */

const TILE_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
const TILE_COLUMNS: i32 = 8;
/** Length along the inner dimension; a block of `b`, 8 wide, then fills a quarter of the L1 cache. */
const BLOCK_DEPTH: i32 = 256;
const BLOCK_ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 132 : 128;
const BLOCK_COLUMNS: i32 = 512;
const PACKED_A: usize = 4 * <usize>(BLOCK_ROWS * BLOCK_DEPTH);
const PACKED_B: usize = 4 * <usize>(BLOCK_COLUMNS * BLOCK_DEPTH);
const TILE: usize = 4 * <usize>(TILE_ROWS * TILE_COLUMNS);

/** Bytes of each thread's scratch memory that `matmul` uses. */
export const MATMUL_SCRATCH: usize = PACKED_A + PACKED_B + TILE;

/** Flags of `matmul`. */
export const TRANSPOSE_A: i32 = 1;
export const TRANSPOSE_B: i32 = 2;
const ACCUMULATE: i32 = 4;
const GELU: i32 = 8;

/**
 * Computes `out = scale op(a) op(b) + bias + addend`; ACCUMULATE adds the old `out`, GELU applies the
 * activation. The threads divide the rows of `out` among them, or its columns if there are more.
 *
 * @param stepA values from one row of `a` to the next in memory; likewise for the others
 * @param bias 0 for none
 * @param addend laid out as `out`; 0 for none
 */
export function matmul(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  stepA: i32,
  b: usize,
  stepB: i32,
  bias: usize,
  addend: usize,
  out: usize,
  stepOut: i32,
  flags: i32,
  scale: f32,
): void {
  if (threads == 1 || rows >= columns) {
    const first = shareStart(rows, TILE_ROWS);
    const count = shareEnd(rows, TILE_ROWS) - first;
    if (count <= 0) return;
    const at: usize = 4 * <usize>(flags & TRANSPOSE_A ? first : first * stepA);
    const outAt: usize = 4 * <usize>(first * stepOut);
    const add: usize = addend ? addend + outAt : 0;
    // prettier-ignore
    ownMatMul(count, columns, depth, a + at, stepA, b, stepB, bias, add, out + outAt, stepOut, flags, scale);
  } else {
    const first = shareStart(columns, TILE_COLUMNS);
    const count = shareEnd(columns, TILE_COLUMNS) - first;
    if (count <= 0) return;
    const at: usize = 4 * <usize>(flags & TRANSPOSE_B ? first * stepB : first);
    const outAt: usize = 4 * <usize>first;
    const add: usize = addend ? addend + outAt : 0;
    const biasAt: usize = bias ? bias + outAt : 0;
    // prettier-ignore
    ownMatMul(rows, count, depth, a, stepA, b + at, stepB, biasAt, add, out + outAt, stepOut, flags, scale);
  }
}

/** Like `matmul`, all of it in this thread. */
export function ownMatMul(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  stepA: i32,
  b: usize,
  stepB: i32,
  bias: usize,
  addend: usize,
  out: usize,
  stepOut: i32,
  flags: i32,
  scale: f32,
): void {
  const packedA = scratch;
  const packedB = packedA + PACKED_A;
  for (let column = 0; column < columns; column += BLOCK_COLUMNS) {
    const width = min(BLOCK_COLUMNS, columns - column);
    for (let inner = 0; inner < depth; inner += BLOCK_DEPTH) {
      const length = min(BLOCK_DEPTH, depth - inner);
      if (flags & TRANSPOSE_B) {
        packRows(b + 4 * <usize>(column * stepB + inner), stepB, width, length, 8, packedB, 1);
      } else {
        packColumns(b + 4 * <usize>(inner * stepB + column), stepB, width, length, 8, packedB, 1);
      }
      for (let row = 0; row < rows; row += BLOCK_ROWS) {
        const height = min(BLOCK_ROWS, rows - row);
        if (flags & TRANSPOSE_A) {
          packColumns(
            a + 4 * <usize>(inner * stepA + row),
            stepA,
            height,
            length,
            TILE_ROWS,
            packedA,
            scale,
          );
        } else {
          // prettier-ignore
          packRows(a + 4 * <usize>(row * stepA + inner), stepA, height, length, TILE_ROWS, packedA, scale);
        }
        const offset: usize = 4 * <usize>(row * stepOut + column);
        const isFirst = inner == 0;
        multiplyBlock(
          height,
          width,
          length,
          packedA,
          packedB,
          isFirst && bias ? bias + 4 * <usize>column : 0,
          isFirst && addend ? addend + offset : 0,
          out + offset,
          stepOut,
          !isFirst || (flags & ACCUMULATE) != 0,
          inner + length == depth && (flags & GELU) != 0,
        );
      }
    }
  }
}

function multiplyBlock(
  rows: i32,
  columns: i32,
  depth: i32,
  packedA: usize,
  packedB: usize,
  bias: usize,
  addend: usize,
  out: usize,
  stepOut: i32,
  accumulate: bool,
  activate: bool,
): void {
  const step: usize = 4 * <usize>stepOut;
  const tile = scratch + PACKED_A + PACKED_B;
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    const b = packedB + 4 * <usize>(column * depth);
    const biasAt: usize = bias ? bias + 4 * <usize>column : 0;
    const width = min(TILE_COLUMNS, columns - column);
    for (let row = 0; row < rows; row += TILE_ROWS) {
      const offset: usize = <usize>row * step + 4 * <usize>column;
      const a = packedA + 4 * <usize>(row * depth);
      if (ASC_FEATURE_RELAXED_SIMD) multiplyLargeTile(depth, a, b, tile);
      else multiplyTile(depth, a, b, tile);
      const height = min(TILE_ROWS, rows - row);
      const addendAt: usize = addend ? addend + offset : 0;
      if (width == TILE_COLUMNS) {
        placeTile(height, tile, biasAt, addendAt, out + offset, step, accumulate, activate);
      } else {
        placeEdge(height, width, tile, biasAt, addendAt, out + offset, step, accumulate, activate);
      }
    }
  }
}

/**
 * Computes the sums of one tile of 4 x 8. Add nothing else here: the compiler would keep some of the sums
 * in memory, which slows the loop by half.
 */
function multiplyTile(depth: i32, a: usize, b: usize, tile: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (const end = b + 32 * <usize>depth; b < end; b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(f32x4.mul(a0, b0), c00);
    c01 = f32x4.add(f32x4.mul(a0, b1), c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(f32x4.mul(a1, b0), c10);
    c11 = f32x4.add(f32x4.mul(a1, b1), c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(f32x4.mul(a2, b0), c20);
    c21 = f32x4.add(f32x4.mul(a2, b1), c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(f32x4.mul(a3, b0), c30);
    c31 = f32x4.add(f32x4.mul(a3, b1), c31);
    a += 16;
  }
  v128.store(tile, c00);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
}

/**
 * Like `multiplyTile` for 6 x 8, with fused multiply-add. Exported to keep the compiler from inlining it
 * into its caller, where it would keep sums in memory.
 */
export function multiplyLargeTile(depth: i32, a: usize, b: usize, tile: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  let c50 = c00;
  let c51 = c00;
  for (const end = b + 32 * <usize>depth; b < end; b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = v128.relaxed_madd<f32>(a0, b0, c00);
    c01 = v128.relaxed_madd<f32>(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = v128.relaxed_madd<f32>(a1, b0, c10);
    c11 = v128.relaxed_madd<f32>(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = v128.relaxed_madd<f32>(a2, b0, c20);
    c21 = v128.relaxed_madd<f32>(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = v128.relaxed_madd<f32>(a3, b0, c30);
    c31 = v128.relaxed_madd<f32>(a3, b1, c31);
    const a4 = v128.load32_splat(a, 16);
    c40 = v128.relaxed_madd<f32>(a4, b0, c40);
    c41 = v128.relaxed_madd<f32>(a4, b1, c41);
    const a5 = v128.load32_splat(a, 20);
    c50 = v128.relaxed_madd<f32>(a5, b0, c50);
    c51 = v128.relaxed_madd<f32>(a5, b1, c51);
    a += 24;
  }
  v128.store(tile, c00);
  v128.store(tile, c01, 16);
  v128.store(tile, c10, 32);
  v128.store(tile, c11, 48);
  v128.store(tile, c20, 64);
  v128.store(tile, c21, 80);
  v128.store(tile, c30, 96);
  v128.store(tile, c31, 112);
  v128.store(tile, c40, 128);
  v128.store(tile, c41, 144);
  v128.store(tile, c50, 160);
  v128.store(tile, c51, 176);
}

/** Stores full rows of a tile, with bias, addend and activation. */
function placeTile(
  rows: i32,
  tile: usize,
  bias: usize,
  addend: usize,
  out: usize,
  step: usize,
  accumulate: bool,
  activate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    let left = v128.load(tile);
    let right = v128.load(tile, 16);
    if (bias) {
      left = f32x4.add(left, v128.load(bias));
      right = f32x4.add(right, v128.load(bias, 16));
    }
    if (addend) {
      left = f32x4.add(left, v128.load(addend));
      right = f32x4.add(right, v128.load(addend, 16));
      addend += step;
    }
    if (accumulate) {
      left = f32x4.add(left, v128.load(out));
      right = f32x4.add(right, v128.load(out, 16));
    }
    if (activate) {
      left = gelu(left);
      right = gelu(right);
    }
    v128.store(out, left);
    v128.store(out, right, 16);
    tile += 4 * TILE_COLUMNS;
    out += step;
  }
}

/** Like `placeTile`, for fewer than 8 columns. */
function placeEdge(
  rows: i32,
  columns: i32,
  tile: usize,
  bias: usize,
  addend: usize,
  out: usize,
  step: usize,
  accumulate: bool,
  activate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 4 * <usize>column;
      let value = load<f32>(tile + at);
      if (bias) value += load<f32>(bias + at);
      if (addend) value += load<f32>(addend + at);
      if (accumulate) value += load<f32>(out + at);
      if (activate) value = f32x4.extract_lane(gelu(f32x4.splat(value)), 0);
      store<f32>(out + at, value);
    }
    tile += 4 * TILE_COLUMNS;
    if (addend) addend += step;
    out += step;
  }
}
