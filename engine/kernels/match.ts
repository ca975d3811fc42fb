import { exp, sum } from './functions';
import { shareEnd, shareStart } from './thread';

/** Bytes of a token's four intensities. */
const GRAY_BYTES: usize = 16;

/**
 * Transfers labels to each token from the tokens of another slice within reach; `matchSlices` in
 * engine/src/context/matchSlices.ts defines the computation. The threads divide the rows among them.
 *
 * @param settings int32 [rows, columns, sourceRows, sourceColumns, cells], then float32 [1 / temperature,
 *   cost of a squared difference of intensity, cost of a squared shift]
 * @param target [size * size, dimensions] unit vectors
 * @param source the same for the other slice; three more tokens are read and ignored
 * @param targetGray [size * size, 4] intensities
 * @param sourceGray the same, and three more tokens
 * @param labels [size * size, cells] of the source
 * @param labeled [size * size] bytes, 0 where all cells of a token are 0; and three more tokens
 * @param active [size * size] bytes, 0 for tokens to skip
 * @param weights out: [size * size]
 * @param foreground out: [size * size, cells]
 */
export function matchTokens(
  size: i32,
  dimensions: i32,
  reach: i32,
  settings: usize,
  target: usize,
  source: usize,
  targetGray: usize,
  sourceGray: usize,
  labels: usize,
  labeled: usize,
  active: usize,
  weights: usize,
  foreground: usize,
): void {
  const rows = load<i32>(settings);
  const columns = load<i32>(settings, 4);
  const sourceRows = load<i32>(settings, 8);
  const sourceColumns = load<i32>(settings, 12);
  const cells = load<i32>(settings, 16);
  const sharpness = f32x4.splat(load<f32>(settings, 20));
  const grayCost = f32x4.splat(load<f32>(settings, 24));
  const shiftCost = f32x4.splat(load<f32>(settings, 28));
  const one = f32x4.splat(1);
  const places = i32x4(0, 1, 2, 3);
  const tokenBytes: usize = 4 * <usize>dimensions;
  const cellBytes: usize = 4 * <usize>cells;
  const end = shareEnd(size, 1);
  for (let row = shareStart(size, 1); row < end; row++) {
    for (let column = 0; column < size; column++) {
      const token = row * size + column;
      const votes = foreground + <usize>token * cellBytes;
      memory.fill(votes, 0, cellBytes);
      store<f32>(weights + 4 * <usize>token, 0);
      if (row >= rows || column >= columns || !load<u8>(active + token)) continue;
      const a = target + <usize>token * tokenBytes;
      const gray = v128.load(targetGray + <usize>token * GRAY_BYTES);
      const lastRow = min(sourceRows - 1, row + reach);
      const firstColumn = max(0, column - reach);
      const lastColumn = min(sourceColumns - 1, column + reach);
      let total = f32x4.splat(0);
      for (let r = max(0, row - reach); r <= lastRow; r++) {
        const down = f32x4.splat(<f32>((r - row) * (r - row)));
        for (let c = firstColumn; c <= lastColumn; c += 4) {
          const other = r * size + c;
          const b = source + <usize>other * tokenBytes;
          let product0 = f32x4.splat(0);
          let product1 = f32x4.splat(0);
          let product2 = f32x4.splat(0);
          let product3 = f32x4.splat(0);
          for (let at: usize = 0; at < tokenBytes; at += 16) {
            const left = v128.load(a + at);
            const right = b + at;
            product0 = f32x4.add(product0, f32x4.mul(left, v128.load(right)));
            product1 = f32x4.add(product1, f32x4.mul(left, v128.load(right + tokenBytes)));
            product2 = f32x4.add(product2, f32x4.mul(left, v128.load(right + 2 * tokenBytes)));
            product3 = f32x4.add(product3, f32x4.mul(left, v128.load(right + 3 * tokenBytes)));
          }
          const cosine = sums(product0, product1, product2, product3);
          const grays = sourceGray + <usize>other * GRAY_BYTES;
          const difference = sums(
            squaredDifference(gray, v128.load(grays)),
            squaredDifference(gray, v128.load(grays, 16)),
            squaredDifference(gray, v128.load(grays, 32)),
            squaredDifference(gray, v128.load(grays, 48)),
          );
          const right = f32x4.convert_i32x4_s(i32x4.add(places, i32x4.splat(c - column)));
          const shift = f32x4.add(down, f32x4.mul(right, right));
          const score = f32x4.sub(
            f32x4.mul(f32x4.sub(cosine, one), sharpness),
            f32x4.add(f32x4.mul(grayCost, difference), f32x4.mul(shiftCost, shift)),
          );
          const isThere = i32x4.le_s(places, i32x4.splat(lastColumn - c));
          const weight = v128.and(exp(score), isThere);
          total = f32x4.add(total, weight);
          if (!load<u32>(labeled + other)) continue;
          const from = labels + <usize>other * cellBytes;
          vote(f32x4.extract_lane(weight, 0), from, votes, cells);
          // Beyond the last column, labels may belong to the next row or lie out of bounds: their weight is
          // 0.
          if (c + 1 <= lastColumn) {
            vote(f32x4.extract_lane(weight, 1), from + cellBytes, votes, cells);
          }
          if (c + 2 <= lastColumn) {
            vote(f32x4.extract_lane(weight, 2), from + 2 * cellBytes, votes, cells);
          }
          if (c + 3 <= lastColumn) {
            vote(f32x4.extract_lane(weight, 3), from + 3 * cellBytes, votes, cells);
          }
        }
      }
      store<f32>(weights + 4 * <usize>token, sum(total));
    }
  }
}

function squaredDifference(a: v128, b: v128): v128 {
  const difference = f32x4.sub(a, b);
  return f32x4.mul(difference, difference);
}

/** Returns the sums of four vectors. */
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(f32x4.shuffle(a, b, 0, 4, 1, 5), f32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(f32x4.shuffle(c, d, 0, 4, 1, 5), f32x4.shuffle(c, d, 2, 6, 3, 7));
  return f32x4.add(f32x4.shuffle(ab, cd, 0, 1, 4, 5), f32x4.shuffle(ab, cd, 2, 3, 6, 7));
}

/** Adds the labels of one token, times its weight. */
function vote(weight: f32, labels: usize, votes: usize, cells: i32): void {
  if (cells === 1) {
    store<f32>(votes, load<f32>(votes) + weight * load<f32>(labels));
    return;
  }
  const factor = f32x4.splat(weight);
  for (let at: usize = 0; at < 4 * <usize>cells; at += 16) {
    const more = f32x4.mul(factor, v128.load(labels + at));
    v128.store(votes + at, f32x4.add(v128.load(votes + at), more));
  }
}
