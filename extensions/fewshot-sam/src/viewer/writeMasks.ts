import type { Mask } from 'fewshot-sam';
import type { Cornerstone } from '../host/ohif';
import { periodicYield } from './yieldToBrowser';
import { markFilled } from './reslicedLabelmap';
import { labelsOf, type SegmentLabelmap } from './labelmap';
import { applyEdit, planEdit, revertEdit, type LabelEdit } from './labelEdit';
import { digestLabels, isSameDigest, type MaskDigest } from './maskDigest';

/** Masks to write, per segment: slice index -> mask. */
export interface MaskWrite {
  labelmap: SegmentLabelmap;
  masks: Map<number, Mask>;
  /**
   * Contents of each slice when the masks were decided. A slice that has changed since was drawn on and is
   * left alone.
   */
  expected?: ReadonlyMap<number, MaskDigest>;
  /** Slices whose masks a person drew or took over; the others come from a propagation. */
  drawn?: ReadonlySet<number>;
}

/** Called when the user undoes or redoes a step. */
export type OnHistory = (event: 'undone' | 'redone') => void;

/** Adds a step to the viewer's undo history. */
export function pushStep({ core }: Pick<Cornerstone, 'core'>, onHistory: OnHistory): void {
  core.utilities.HistoryMemo.DefaultHistoryMemo.push({
    id: core.utilities.uuidv4(),
    operationType: 'labelmap',
    restoreMemo: (isUndo = true) => onHistory(isUndo ? 'undone' : 'redone'),
  });
}

interface Step {
  labelmap: SegmentLabelmap;
  sliceIndex: number;
  edit: LabelEdit;
  isDrawn: boolean;
}

/**
 * Writes all masks as one step of OHIF's undo history and announces each segmentation once. Reverts
 * everything if it fails midway.
 *
 * @param onHistory called when the user undoes or redoes this step
 * @returns for each of `writes`, the contents of its slices right after they were written
 */
export async function writeMasks(
  { core, tools }: Cornerstone,
  writes: MaskWrite[],
  onHistory: OnHistory,
): Promise<Map<number, MaskDigest>[]> {
  const yieldIfDue = periodicYield();
  const steps: Step[] = [];
  const backward = () => [...steps].reverse().forEach(revert);
  const written: Map<number, MaskDigest>[] = [];
  try {
    for (const { labelmap, masks, expected, drawn } of writes) {
      const digests = new Map<number, MaskDigest>();
      written.push(digests);
      for (const [sliceIndex, mask] of masks) {
        const labels = labelsOf(labelmap, sliceIndex);
        if (
          !labels ||
          (expected && !isSameDigest(digestOf(labelmap, labels), expected.get(sliceIndex)))
        )
          continue;
        const edit = planEdit(labels, mask, labelmap.labelValue);
        const step = { labelmap, sliceIndex, edit, isDrawn: drawn?.has(sliceIndex) ?? false };
        steps.push(step);
        apply(step);
        const digest = digestOf(labelmap, labelsOf(labelmap, sliceIndex)!);
        if (digest) digests.set(sliceIndex, digest);
        await yieldIfDue();
      }
    }
  } catch (error) {
    backward();
    throw error;
  }

  const announce = () => {
    for (const segmentationId of new Set(steps.map(step => step.labelmap.segmentationId))) {
      tools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(segmentationId);
    }
  };
  const forward = () => steps.forEach(apply);
  pushStep({ core }, event => {
    if (event === 'undone') backward();
    else forward();
    announce();
    onHistory(event);
  });
  announce();
  return written;
}

function apply({ labelmap, sliceIndex, edit, isDrawn }: Step): void {
  applyEdit(labelmap.voxels[sliceIndex]!, edit);
  markFilled(labelmap, sliceIndex, edit.filled, !isDrawn);
  markFilled(labelmap, sliceIndex, edit.cleared, false);
}

function revert({ labelmap, sliceIndex, edit }: Step): void {
  // Mark them as filled, so that the protection of drawn voxels lets them be cleared.
  markFilled(labelmap, sliceIndex, edit.filled, true);
  revertEdit(labelmap.voxels[sliceIndex]!, edit);
  markFilled(labelmap, sliceIndex, edit.filled, false);
}

function digestOf(
  { labelValue }: SegmentLabelmap,
  labels: ArrayLike<number>,
): MaskDigest | undefined {
  return digestLabels(labels).get(labelValue);
}
