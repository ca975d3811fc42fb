/** Structures of the demo study, found by threshold: gray values 0..255, row-major. */

/** Voxels that keep (`all`) or gain (`any`) a neighborhood of the given radius. */
function morph(mask: Uint8Array, columns: number, radius: number, keep: 'all' | 'any'): Uint8Array {
  let current = mask;
  for (let step = 0; step < radius; step++) {
    const next = new Uint8Array(current.length);
    for (let i = columns; i < current.length - columns; i++) {
      const sum =
        current[i] + current[i - 1] + current[i + 1] + current[i - columns] + current[i + columns];
      next[i] = Number(keep === 'all' ? sum === 5 : sum > 0);
    }
    current = next;
  }
  return current;
}

/** The largest connected part of a mask. */
function largestPart(mask: Uint8Array, columns: number): Uint8Array {
  const seen = new Uint8Array(mask.length);
  let best: number[] = [];
  for (let seed = 0; seed < mask.length; seed++) {
    if (!mask[seed] || seen[seed]) continue;
    const part = [seed];
    seen[seed] = 1;
    for (let next = 0; next < part.length; next++) {
      const i = part[next];
      for (const neighbor of [i - 1, i + 1, i - columns, i + columns]) {
        if (mask[neighbor] && !seen[neighbor]) {
          seen[neighbor] = 1;
          part.push(neighbor);
        }
      }
    }
    if (part.length > best.length) best = part;
  }
  const result = new Uint8Array(mask.length);
  for (const i of best) result[i] = 1;
  return result;
}

/** The brain: bright, and apart from the scalp once thin bridges are cut. */
export function brainOf(slice: Uint8Array, columns: number): Uint8Array {
  const bright = slice.map(value => Number(value > 70));
  const cut = morph(bright, columns, 4, 'all');
  return morph(largestPart(cut, columns), columns, 4, 'any');
}

/** The whole head. */
export function headOf(slice: Uint8Array, columns: number): Uint8Array {
  const bright = slice.map(value => Number(value > 30));
  return largestPart(morph(morph(bright, columns, 3, 'any'), columns, 3, 'all'), columns);
}
