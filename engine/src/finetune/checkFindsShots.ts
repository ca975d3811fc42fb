import { FewshotError, throwIfCancelled } from '../platform/errors';
import { showsStructure } from './fit';

/**
 * Rejects a fit that finds the structure on none of the slices it was learned from.
 *
 * @param shots `coverage` is the foreground share of each pixel or cell
 * @param logitsOf returns the logits of the same pixels or cells
 * @throws FewshotError `bad-result`, `cancelled`
 */
export async function checkFindsShots<Shot extends { coverage: Float32Array }>(
  shots: readonly Shot[],
  logitsOf: (shot: Shot) => Promise<Float32Array>,
  signal?: AbortSignal,
): Promise<void> {
  const showing = shots.filter(showsStructure);
  if (showing.length === 0) return;
  // Usually the first shot already passes.
  for (const shot of showing) {
    throwIfCancelled(signal);
    const logits = await logitsOf(shot);
    if (shot.coverage.some((share, pixel) => share > 0 && logits[pixel] > 0)) return;
  }
  const empty = shots.length - showing.length;
  throw new FewshotError(
    'bad-result',
    `Learning failed: the structure is not found on any of the ${showing.length} slices on which it is outlined.`,
    empty === 0
      ? 'Outline it on more slices, or give learning more iterations.'
      : `Outline it on more slices, or exclude some of the ${empty} slices without it.`,
  );
}
