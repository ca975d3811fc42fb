import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import type { Collected, CollectedSegment } from '../session/collect';
import type { SessionForTasks } from '../session/sessionForTasks';
import type { MadeSegment } from '../viewer/madeSegment';
import { sourceOf, type Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';

/** How long to wait for the viewer to show a series again, or a new segment. */
const APPEARS = { tries: 50, pause: 100 };

type Looking = Pick<SessionForTasks, 'collected' | 'refresh'>;

/**
 * Provides an empty segment in the active segmentation of a series: the active segment, or a new one. If
 * the user has switched to another series, first activates a viewport that shows this one.
 *
 * @returns the segment, and what was added for it
 * @throws FewshotError `bad-input` if the series is no longer shown, or no segment was added;
 *   `cancelled`. What was added is removed again.
 */
export async function freeSegment(
  series: Series,
  viewer: Pick<Viewer, 'activate' | 'addSegment' | 'removeMade'>,
  session: Looking,
  signal: AbortSignal,
): Promise<{ segment: CollectedSegment; made: MadeSegment | null }> {
  const active = () =>
    isShown(session.collected(), series)
      ? session.collected().segments.find(segment => segment.active)
      : undefined;
  await showAgain(series, viewer, session, signal);
  const before = active();
  if (before && isFree(before)) return { segment: before, made: null };

  const withSegmentation = session.collected().segmentation === null;
  const added = () => {
    const segment = active();
    return segment && segment.segmentIndex !== before?.segmentIndex && isFree(segment)
      ? segment
      : undefined;
  };
  const madeOf = ({ labelmap: { segmentationId }, segmentIndex }: CollectedSegment) => ({
    ...{ segmentationId, segmentIndex, withSegmentation },
  });
  viewer.addSegment();
  try {
    const segment = await appearing(added, session, signal);
    if (!segment) {
      throw new FewshotError(
        'bad-input',
        'The viewer did not add a segment for the result.',
        'Nothing was changed. Add a segment in the list above, then apply the task again.',
      );
    }
    return { segment, made: madeOf(segment) };
  } catch (error) {
    await session.refresh();
    const segment = added();
    if (segment) viewer.removeMade(madeOf(segment));
    throw error;
  }
}

async function showAgain(
  series: Series,
  viewer: Pick<Viewer, 'activate'>,
  session: Looking,
  signal: AbortSignal,
): Promise<void> {
  await session.refresh();
  const isAgain = () => isShown(session.collected(), series) || undefined;
  if (isAgain()) return;
  if (viewer.activate(series) && (await appearing(isAgain, session, signal))) return;
  throw new FewshotError(
    'bad-input',
    'The series that the task was applied to is no longer shown.',
    'Nothing was changed. Show it in a viewport and apply the task again; computed slices are kept, so it takes less time.',
  );
}

/** Polls until `look` finds something; undefined after a timeout. */
async function appearing<T>(
  look: () => T | undefined,
  session: Looking,
  signal: AbortSignal,
): Promise<T | undefined> {
  for (let tries = 0; tries <= APPEARS.tries; tries++) {
    throwIfCancelled(signal);
    await session.refresh();
    const found = look();
    if (found !== undefined) return found;
    await new Promise(resolve => setTimeout(resolve, APPEARS.pause));
  }
  return undefined;
}

/** Whether a series is shown, in any plane. */
function isShown({ series }: Collected, wanted: Series): boolean {
  const uidOf = (each: Series | null) => each && sourceOf(each).displaySetInstanceUID;
  return uidOf(series) === uidOf(wanted);
}

function isFree({ locked, slices }: CollectedSegment): boolean {
  return !locked && slices.size === 0;
}
