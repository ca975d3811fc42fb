import { countOverlap, dice, sumOverlaps, type Overlap } from '../image/overlap';
import type { OnProgress } from '../platform/progress';
import type { Weights } from '../sam/weights';
import { createSegmenter } from './createSegmenter';
import type { Example } from './examples';
import { fit, type FitOptions } from './fit';
import { FEWEST_OUTLINED } from './learningWork';

/**
 * Leave-one-out validation: learns without each outlined slice in turn and segments that slice. Copies are
 * left out with their slice.
 *
 * @returns Dice of all left-out slices together, in the decoder's frame, 0..1; null with fewer than three
 *   outlined slices
 * @throws FewshotError as `fit`
 */
export async function leaveOneOut(
  weights: Weights,
  items: readonly Example[],
  options: Omit<FitOptions, 'prompts' | 'onProgress'>,
  onProgress: OnProgress | undefined,
): Promise<number | null> {
  const tested = items.filter(({ copy, coverage }) => copy === 0 && coverage.some(isForeground));
  if (tested.length < FEWEST_OUTLINED) return null;
  const overlaps: Overlap[] = [];
  for (const [i, left] of tested.entries()) {
    const others = items.filter(({ slice }) => slice !== left.slice);
    const prompts = tested.filter(({ slice }) => slice !== left.slice);
    const fitted = await fit(weights, others, {
      ...options,
      prompts,
      onProgress: onProgress && partOf(i, tested.length, onProgress),
    });
    const segmenter = await createSegmenter(fitted, options.engine);
    try {
      const logits = await segmenter.logits(left.embedding);
      const inside = (isInside: (i: number) => boolean) =>
        Uint8Array.from(logits, (_, pixel) => Number(left.valid[pixel] > 0 && isInside(pixel)));
      overlaps.push(
        countOverlap(
          inside(pixel => logits[pixel] > 0),
          inside(pixel => isForeground(left.coverage[pixel])),
        ),
      );
    } finally {
      segmenter.dispose();
    }
  }
  return dice(sumOverlaps(overlaps));
}

const isForeground = (share: number) => share >= 0.5;

/** Maps the progress of one of several fits to the progress of all. */
export function partOf(part: number, parts: number, onProgress: OnProgress): OnProgress {
  return ({ phase, done, total, etaSeconds }) => {
    const left = etaSeconds === null || done === 0 ? null : etaSeconds / Math.max(1, total - done);
    const doneOfAll = part * total + done;
    onProgress({
      phase,
      done: doneOfAll,
      total: parts * total,
      etaSeconds: left === null ? null : left * (parts * total - doneOfAll),
    });
  };
}
