import { shareEnd, shareStart } from './thread';

/**
 * Lays the 3 x 3 neighborhood of each cell of a square grid side by side, zeros beyond the border.
 *
 * @param size cells per side
 * @param input [size * size, channels]
 * @param out [size * size, 9 * channels]
 */
export function unfold(size: i32, channels: i32, dilation: i32, input: usize, out: usize): void {
  const bytes: usize = 4 * <usize>channels;
  for (let y = shareStart(size, 1), last = shareEnd(size, 1); y < last; y++) {
    let to = out + <usize>(y * size) * 9 * bytes;
    for (let x = 0; x < size; x++) {
      for (let row = y - dilation; row <= y + dilation; row += dilation) {
        for (let column = x - dilation; column <= x + dilation; column += dilation) {
          if (isInside(row, size) && isInside(column, size)) {
            memory.copy(to, input + <usize>(row * size + column) * bytes, bytes);
          } else {
            memory.fill(to, 0, bytes);
          }
          to += bytes;
        }
      }
    }
  }
}

/** Adds up, for each cell, what its copies in the neighborhoods of others contribute. */
export function unfoldGradient(
  size: i32,
  channels: i32,
  dilation: i32,
  outGradient: usize,
  inputGradient: usize,
): void {
  const bytes: usize = 4 * <usize>channels;
  for (let y = shareStart(size, 1), last = shareEnd(size, 1); y < last; y++) {
    for (let x = 0; x < size; x++) {
      const to = inputGradient + <usize>(y * size + x) * bytes;
      memory.fill(to, 0, bytes);
      // The cell is part 8 of the neighbor that lies one step before it in both directions, and so on.
      let part = 8;
      for (let row = y - dilation; row <= y + dilation; row += dilation) {
        for (let column = x - dilation; column <= x + dilation; column += dilation) {
          if (isInside(row, size) && isInside(column, size)) {
            addTo(to, outGradient + <usize>((row * size + column) * 9 + part) * bytes, bytes);
          }
          part--;
        }
      }
    }
  }
}

function isInside(at: i32, size: i32): bool {
  return at >= 0 && at < size;
}

function addTo(sum: usize, values: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) {
    v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(values + at)));
  }
  for (; at < bytes; at += 4) store<f32>(sum + at, load<f32>(sum + at) + load<f32>(values + at));
}
