import type { EncoderFrame } from '../image/encoderFrame';
import type { Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import { principalComponents } from './principalComponents';
import { tokenGrid, type TokenGrid } from './tokenGrid';

/** Dimensions of features that are kept of the embedding's 256: the rest costs time and tells nothing. */
const DIMENSIONS = 64;
/** Labelled slices from which these dimensions are found, spread evenly: they are held at once. */
const MOST_FOR_DIMENSIONS = 10;

/**
 * Embeds slices and keeps of each what matching needs, a tenth of the embedding.
 *
 * @param slices ascending, labelled ones among them
 * @param embed [256, 64, 64] of a slice in this frame; may throw to stop
 * @param report called with how many slices are done
 */
export async function encodeSlices(
  slices: readonly Slice[],
  labels: ReadonlyMap<number, Mask>,
  window: ResolvedWindow,
  frame: EncoderFrame,
  embed: (slice: Slice) => Promise<Float32Array>,
  report: (done: number) => void,
): Promise<Map<number, TokenGrid>> {
  const known = new Map<number, Float32Array>();
  const grids = new Map<number, TokenGrid>();
  report(0);
  for (const slice of spread(slices.filter(({ index }) => labels.has(index)))) {
    known.set(slice.index, await embed(slice));
    report(known.size);
  }
  const projection = principalComponents([...known.values()], EMBEDDING_CHANNELS, DIMENSIONS);
  let done = known.size;
  for (const slice of slices) {
    const embedding = known.get(slice.index);
    grids.set(
      slice.index,
      tokenGrid(embedding ?? (await embed(slice)), slice, window, frame, projection),
    );
    known.delete(slice.index);
    if (!embedding) report(++done);
  }
  return grids;
}

/** Some of many, evenly, the first and the last among them. */
function spread<T>(all: readonly T[]): T[] {
  if (all.length <= MOST_FOR_DIMENSIONS) return [...all];
  const step = (all.length - 1) / (MOST_FOR_DIMENSIONS - 1);
  return Array.from({ length: MOST_FOR_DIMENSIONS }, (_, i) => all[Math.round(i * step)]);
}
