import { mapInto } from '../numeric/mapInto';

const rowMajor = new Map<number, Int32Array>();

/**
 * Returns the row-major index of each pixel of the decoder's output.
 *
 * @param size image tokens per side; the mask is 4 * size pixels wide
 * @returns for each position in token order, its index in the row-major mask
 */
export function rowMajorOfTokenOrder(size: number): Int32Array {
  const known = rowMajor.get(size);
  if (known) return known;
  const order = new Int32Array(size * size * 16);
  const width = 4 * size;
  for (let i = 0; i < order.length; i++) {
    const token = i >> 4;
    const outer = (i >> 2) & 3;
    const inner = i & 3;
    const row = Math.floor(token / size) * 4 + (outer >> 1) * 2 + (inner >> 1);
    const column = (token % size) * 4 + (outer & 1) * 2 + (inner & 1);
    order[i] = row * width + column;
  }
  rowMajor.set(size, order);
  return order;
}

/** Reorders row-major values to the decoder's token order. */
export function toTokenOrder(values: Float32Array): Float32Array {
  const order = rowMajorOfTokenOrder(Math.sqrt(values.length) / 4);
  return mapInto(order, new Float32Array(order.length), index => values[index]);
}

/** Reorders values from the decoder's token order to row-major. */
export function toRowMajor(values: Float32Array): Float32Array {
  const order = rowMajorOfTokenOrder(Math.sqrt(values.length) / 4);
  const result = new Float32Array(values.length);
  for (let i = 0; i < order.length; i++) result[order[i]] = values[i];
  return result;
}
