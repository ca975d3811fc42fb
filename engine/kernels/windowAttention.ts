import { softmax } from './attention';
import { ownMatMul, MATMUL_SCRATCH, TRANSPOSE_B } from './matmul';
import { scratch, shareEnd, shareStart } from './thread';

/**
 * Computes attention within windows, with a bias for each pair of places. The threads divide the windows
 * among them.
 *
 * @param tokens per window
 * @param width channels of a head
 * @param mixed [windows * tokens, heads * 3 * width]: query, key, value of each head
 * @param bias [heads, tokens, tokens]
 * @param out [windows * tokens, heads * width]
 */
export function windowAttention(
  windows: i32,
  tokens: i32,
  heads: i32,
  width: i32,
  mixed: usize,
  bias: usize,
  out: usize,
): void {
  const channels = heads * width;
  const step = 3 * channels;
  const scale: f32 = 1 / sqrt<f32>(<f32>width);
  const scores = scratch + MATMUL_SCRATCH;
  const headBytes: usize = 4 * <usize>width;
  const tableBytes: usize = 4 * <usize>(tokens * tokens);
  const end = shareEnd(windows, 1);
  for (let window = shareStart(windows, 1); window < end; window++) {
    for (let head = 0; head < heads; head++) {
      const query = mixed + 4 * <usize>(window * tokens * step) + 3 * <usize>head * headBytes;
      const key = query + headBytes;
      const value = key + headBytes;
      const to = out + 4 * <usize>(window * tokens * channels) + <usize>head * headBytes;
      const table = bias + <usize>head * tableBytes;
      // prettier-ignore
      ownMatMul(tokens, tokens, width, query, step, key, step, 0, table, scores, tokens, TRANSPOSE_B, scale);
      for (let row = 0; row < tokens; row++) softmax(tokens, scores + 4 * <usize>(row * tokens));
      // prettier-ignore
      ownMatMul(tokens, width, tokens, scores, tokens, value, step, 0, 0, to, channels, 0, 1);
    }
  }
}
