/** First and last row and column of a mask, all inside. */
export interface BoundingBox {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/**
 * Returns the smallest rectangle around several masks together.
 *
 * @param masks of one size, row-major; other than 0 inside
 * @returns null when all are empty
 */
export function boundingBox(
  masks: Iterable<ArrayLike<number>>,
  columns: number,
): BoundingBox | null {
  const box = { top: Infinity, bottom: -1, left: columns, right: -1 };
  for (const mask of masks) {
    for (let i = 0; i < mask.length; i++) {
      if (!mask[i]) continue;
      const [row, column] = [Math.floor(i / columns), i % columns];
      box.top = Math.min(box.top, row);
      box.bottom = Math.max(box.bottom, row);
      box.left = Math.min(box.left, column);
      box.right = Math.max(box.right, column);
    }
  }
  return box.bottom < 0 ? null : box;
}
