/** What a review writes into the user's segments, each in one step of the viewer's undo history. */
import type { Viewer } from '../viewer/viewer';
import type { CollectedSegment } from './collect';
import type { OpenReview } from './openReview';
import type { OutlineCollector } from './outlineCollector';
import { acceptedMasks, type DrawnSlices, type FoundStructure } from './review';

type OnHistory = (event: 'undone' | 'redone') => void;

function segmentOf({ collected }: OutlineCollector, segmentIndex: number): CollectedSegment {
  return collected.segments.find(segment => segment.segmentIndex === segmentIndex)!;
}

/** Writes the accepted slices, except those drawn on since they were last looked at. */
export async function writeAccepted(
  viewer: Viewer,
  collecting: OutlineCollector,
  { review }: OpenReview,
  drawn: DrawnSlices,
  onHistory: OnHistory,
): Promise<void> {
  const writes = review.structures.map(structure => {
    const { labelmap, slices } = segmentOf(collecting, structure.segmentIndex);
    const masks = acceptedMasks(review, structure, drawn(structure.segmentIndex));
    return { labelmap, masks, expected: slices };
  });
  const written = await viewer.write(writes, onHistory);
  writes.forEach(({ labelmap }, i) =>
    collecting.notePredicted(labelmap, written[i].keys(), written[i]),
  );
}

/** Copies results on a slice into their segments, as if drawn there, and takes the brush to correct them. */
export async function editSlice(
  viewer: Viewer,
  collecting: OutlineCollector,
  structures: readonly FoundStructure[],
  slice: number,
): Promise<void> {
  const writes = structures.map(({ segmentIndex, masks }) => ({
    labelmap: segmentOf(collecting, segmentIndex).labelmap,
    masks: new Map([[slice, masks.get(slice)!]]),
    drawn: new Set([slice]),
  }));
  const remember = () => writes.map(({ labelmap }) => collecting.forgetPredicted(labelmap, slice));
  let restore = remember();
  await viewer.write(writes, event => {
    if (event === 'undone') restore.forEach(known => known());
    else restore = remember();
    collecting.changed('labels');
  });
  viewer.selectSegment(structures[0].segmentIndex);
  viewer.tools.takeBrush();
  await collecting.refresh();
}
