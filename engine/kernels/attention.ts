import { exp, sum } from './functions';
import { ownMatMul, TRANSPOSE_A, TRANSPOSE_B } from './matmul';
import { shareEnd, shareStart } from './thread';

/**
 * Computes `softmax(q kᵀ / sqrt(width)) v` for each head; the threads divide the heads among them.
 *
 * @param width channels of a head
 * @param attentionWeights [heads * queries, keys] the softmax
 */
export function attention(
  queries: i32,
  keys: i32,
  heads: i32,
  width: i32,
  query: usize,
  key: usize,
  value: usize,
  attentionWeights: usize,
  out: usize,
): void {
  const channels = heads * width;
  const scale: f32 = 1 / sqrt<f32>(<f32>width);
  for (let head = shareStart(heads, 1), end = shareEnd(heads, 1); head < end; head++) {
    const at: usize = 4 * <usize>(head * width);
    const own = attentionWeights + 4 * <usize>(head * queries * keys);
    // prettier-ignore
    ownMatMul(queries, keys, width, query + at, channels, key + at, channels, 0, 0, own, keys, TRANSPOSE_B, scale);
    for (let row = 0; row < queries; row++) softmax(keys, own + 4 * <usize>(row * keys));
    // prettier-ignore
    ownMatMul(queries, width, keys, own, keys, value + at, channels, 0, 0, out + at, channels, 0, 1);
  }
}

/**
 * Computes the gradients of query, key and value.
 *
 * @param scoreGradient [heads * queries, keys] scratch memory
 */
export function attentionGradient(
  queries: i32,
  keys: i32,
  heads: i32,
  width: i32,
  query: usize,
  key: usize,
  value: usize,
  attentionWeights: usize,
  outGradient: usize,
  scoreGradient: usize,
  queryGradient: usize,
  keyGradient: usize,
  valueGradient: usize,
): void {
  const channels = heads * width;
  const scale: f32 = 1 / sqrt<f32>(<f32>width);
  for (let head = shareStart(heads, 1), end = shareEnd(heads, 1); head < end; head++) {
    const at: usize = 4 * <usize>(head * width);
    const own = attentionWeights + 4 * <usize>(head * queries * keys);
    const scores = scoreGradient + 4 * <usize>(head * queries * keys);
    // prettier-ignore
    {
      ownMatMul(queries, keys, width, outGradient + at, channels, value + at, channels, 0, 0, scores, keys, TRANSPOSE_B, 1);
      for (let row = 0; row < queries; row++) {
        const offset: usize = 4 * <usize>(row * keys);
        softmaxGradient(keys, own + offset, scores + offset, scale);
      }
      ownMatMul(queries, width, keys, scores, keys, key + at, channels, 0, 0, queryGradient + at, channels, 0, 1);
      ownMatMul(keys, width, queries, scores, keys, query + at, channels, 0, 0, keyGradient + at, channels, TRANSPOSE_A, 1);
      ownMatMul(keys, width, queries, own, keys, outGradient + at, channels, 0, 0, valueGradient + at, channels, TRANSPOSE_A, 1);
    }
  }
}

/** Applies the softmax to `count` values in place. */
export function softmax(count: i32, values: usize): void {
  const end = values + 4 * <usize>count;
  const endOfFours = values + 4 * <usize>(count & ~3);
  let largest = f32x4.splat(-Infinity);
  let at = values;
  for (; at < endOfFours; at += 16) largest = f32x4.pmax(largest, v128.load(at));
  for (; at < end; at += 4) largest = f32x4.pmax(largest, v128.load32_splat(at));
  const top = f32x4.splat(
    max(
      max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
      max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
    ),
  );
  let totals = f32x4.splat(0);
  for (at = values; at < endOfFours; at += 16) {
    const power = exp(f32x4.sub(v128.load(at), top));
    v128.store(at, power);
    totals = f32x4.add(totals, power);
  }
  let total = sum(totals);
  for (; at < end; at += 4) {
    const power = f32x4.extract_lane(exp(f32x4.sub(v128.load32_splat(at), top)), 0);
    store<f32>(at, power);
    total += power;
  }
  const factor: f32 = 1 / total;
  const factors = f32x4.splat(factor);
  for (at = values; at < endOfFours; at += 16) {
    v128.store(at, f32x4.mul(v128.load(at), factors));
  }
  for (; at < end; at += 4) store<f32>(at, load<f32>(at) * factor);
}

/** Computes `gradient = scale attentionWeights (gradient - sum of attentionWeights gradient)` in place. */
function softmaxGradient(count: i32, attentionWeights: usize, gradient: usize, scale: f32): void {
  const bytes: usize = 4 * <usize>count;
  const fours: usize = 4 * <usize>(count & ~3);
  let totals = f32x4.splat(0);
  let at: usize = 0;
  for (; at < fours; at += 16) {
    totals = f32x4.add(
      totals,
      f32x4.mul(v128.load(attentionWeights + at), v128.load(gradient + at)),
    );
  }
  let total = sum(totals);
  for (; at < bytes; at += 4) total += load<f32>(attentionWeights + at) * load<f32>(gradient + at);
  const all = f32x4.splat(total);
  const scales = f32x4.splat(scale);
  for (at = 0; at < fours; at += 16) {
    const difference = f32x4.sub(v128.load(gradient + at), all);
    const weight = f32x4.mul(v128.load(attentionWeights + at), scales);
    v128.store(gradient + at, f32x4.mul(weight, difference));
  }
  for (; at < bytes; at += 4) {
    const weight = load<f32>(attentionWeights + at) * scale;
    store<f32>(gradient + at, weight * (load<f32>(gradient + at) - total));
  }
}
