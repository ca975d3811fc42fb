import type { EncoderFrame } from '../sam/encoderFrame';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { FEATURE_SIZE, type FeatureProducts } from './featureProducts';
import { principalComponents } from './principalComponents';
import { tokenGrid, type TokenGrid } from './tokenGrid';

/** Most labeled slices used for the principal components, spread evenly: all are in memory at once. */
const MOST_FOR_DIMENSIONS = 10;

/** Embeds slices and keeps only what matching needs, a tenth of the embedding. */
export interface GridEncoder {
  /** Grids of the labeled slices, by index. */
  grids: Map<number, TokenGrid>;
  gridOf(slice: Slice): Promise<TokenGrid>;
}

/**
 * Embeds the labeled slices and computes from them the projection of token features.
 *
 * @param labeled ascending, at least one
 * @param embed returns the embedding [256, n, n] of a slice in this frame; may throw to stop
 * @param report called with how many slices are done
 */
export async function encodeLabeled(
  labeled: readonly Slice[],
  window: ResolvedWindow,
  frame: EncoderFrame,
  embed: (slice: Slice) => Promise<Float32Array>,
  products: FeatureProducts,
  report: (done: number) => void,
): Promise<GridEncoder> {
  const known = new Map<number, Float32Array>();
  report(0);
  for (const slice of spread(labeled)) {
    known.set(slice.index, await embed(slice));
    report(known.size);
  }
  const { channels, dimensions } = FEATURE_SIZE;
  const embeddings = [...known.values()];
  const projection = await principalComponents(embeddings, channels, dimensions, products);
  const gridOf = (slice: Slice, embedding: Float32Array) =>
    tokenGrid(embedding, slice, window, frame, projection, products);
  const grids = new Map<number, TokenGrid>();
  let done = known.size;
  for (const slice of labeled) {
    const embedding = known.get(slice.index);
    grids.set(slice.index, await gridOf(slice, embedding ?? (await embed(slice))));
    known.delete(slice.index);
    if (!embedding) report(++done);
  }
  return { grids, gridOf: async slice => gridOf(slice, await embed(slice)) };
}

/** Picks some of many evenly, including the first and the last. */
function spread<T>(all: readonly T[]): T[] {
  if (all.length <= MOST_FOR_DIMENSIONS) return [...all];
  const step = (all.length - 1) / (MOST_FOR_DIMENSIONS - 1);
  return Array.from({ length: MOST_FOR_DIMENSIONS }, (_, i) => all[Math.round(i * step)]);
}
