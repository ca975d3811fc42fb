import { gelu } from './functions';
import { ownMatMul, MATMUL_SCRATCH } from './matmul';
import { scratch, shareEnd, shareStart } from './thread';

/** About how many pixels' neighborhoods to lay out at once, in whole lines. */
const PIXELS_AT_ONCE: i32 = 128;

/**
 * Convolves with a 3 x 3 kernel and zero padding of one pixel. Lays out the neighborhoods of some pixels at
 * a time (im2col) and multiplies them with the weights.
 *
 * @param input [height, width, channels]
 * @param weight [9 * channels, outputs], rows in the order of the kernel's lines, pixels, channels
 * @param bias [outputs], or 0 for none
 * @param out [ceil(height / stride), ceil(width / stride), outputs]
 * @param flags see `matmul`
 */
export function convolution(
  height: i32,
  width: i32,
  channels: i32,
  stride: i32,
  outputs: i32,
  input: usize,
  weight: usize,
  bias: usize,
  out: usize,
  flags: i32,
): void {
  const outHeight = (height + stride - 1) / stride;
  const outWidth = (width + stride - 1) / stride;
  const depth = 9 * channels;
  const neighborhoods = scratch + MATMUL_SCRATCH;
  const lines = max(1, PIXELS_AT_ONCE / outWidth);
  const last = shareEnd(outHeight, 1);
  for (let y = shareStart(outHeight, 1); y < last; y += lines) {
    const count = min(lines, last - y);
    let to = neighborhoods;
    for (let line = y; line < y + count; line++) {
      for (let x = 0; x < outWidth; x++) {
        for (let dy = -1; dy <= 1; dy++) {
          const row = line * stride + dy;
          const isInside = row >= 0 && row < height;
          copyThree(input, isInside ? row : -1, x * stride - 1, width, channels, to);
          to += 4 * <usize>(3 * channels);
        }
      }
    }
    const pixels = count * outWidth;
    const place = out + 4 * <usize>(y * outWidth * outputs);
    // prettier-ignore
    ownMatMul(pixels, outputs, depth, neighborhoods, depth, weight, outputs, bias, 0, place, outputs, flags, 1);
  }
}

/** Copies three neighboring pixels of a row; zeros outside the image. */
function copyThree(
  input: usize,
  row: i32,
  column: i32,
  width: i32,
  channels: i32,
  to: usize,
): void {
  const bytes: usize = 4 * <usize>channels;
  const from = input + <usize>(row * width + column) * bytes;
  if (row >= 0 && column >= 0 && column + 3 <= width) {
    memory.copy(to, from, 3 * bytes);
    return;
  }
  for (let i = 0; i < 3; i++) {
    const isInside = row >= 0 && column + i >= 0 && column + i < width;
    if (isInside) memory.copy(to + <usize>i * bytes, from + <usize>i * bytes, bytes);
    else memory.fill(to + <usize>i * bytes, 0, bytes);
  }
}

/**
 * Like `convolution`, for each channel separately.
 *
 * @param channels a multiple of 4
 * @param weight [9, channels]
 * @param activate 1 for GELU
 */
export function depthwiseConvolution(
  height: i32,
  width: i32,
  channels: i32,
  stride: i32,
  input: usize,
  weight: usize,
  bias: usize,
  out: usize,
  activate: i32,
): void {
  const outHeight = (height + stride - 1) / stride;
  const outWidth = (width + stride - 1) / stride;
  const bytes: usize = 4 * <usize>channels;
  const line = <usize>width * bytes;
  const end = shareEnd(outHeight, 1);
  for (let y = shareStart(outHeight, 1); y < end; y++) {
    const row = y * stride;
    const above = row > 0;
    const below = row + 1 < height;
    for (let x = 0; x < outWidth; x++) {
      const column = x * stride;
      const left = column > 0;
      const right = column + 1 < width;
      const center = input + <usize>row * line + <usize>column * bytes;
      const to = out + <usize>(y * outWidth + x) * bytes;
      for (let c: usize = 0; c < bytes; c += 16) {
        const at = center + c;
        const w = weight + c;
        let value = v128.load(bias + c);
        if (above) {
          const from = at - line;
          if (left) value = addProduct(value, from - bytes, w);
          value = addProduct(value, from, w + bytes);
          if (right) value = addProduct(value, from + bytes, w + 2 * bytes);
        }
        if (left) value = addProduct(value, at - bytes, w + 3 * bytes);
        value = addProduct(value, at, w + 4 * bytes);
        if (right) value = addProduct(value, at + bytes, w + 5 * bytes);
        if (below) {
          const from = at + line;
          if (left) value = addProduct(value, from - bytes, w + 6 * bytes);
          value = addProduct(value, from, w + 7 * bytes);
          if (right) value = addProduct(value, from + bytes, w + 8 * bytes);
        }
        v128.store(to + c, activate ? gelu(value) : value);
      }
    }
  }
}

function addProduct(sum: v128, value: usize, weight: usize): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(value), v128.load(weight)));
}
