import type { Mask } from 'fewshot-sam';
import type { Cornerstone } from '../host/ohif';
import { breather } from './breathe';
import { labelsOf, type SegmentLabelmap } from './labelmap';
import { applyEdit, planEdit, revertEdit, type LabelEdit } from './labelEdit';

/** Masks to write, per segment: slice index -> mask. */
export interface MaskWrite {
  labelmap: SegmentLabelmap;
  masks: Map<number, Mask>;
}

interface Step {
  labelmap: SegmentLabelmap;
  sliceIndex: number;
  edit: LabelEdit;
}

/**
 * Writes all masks as one step of OHIF's undo history and announces each segmentation once. When it
 * fails midway, what was written is taken back.
 *
 * @param onHistory told when the user undoes or redoes this step
 */
export async function writeMasks(
  { core, tools }: Cornerstone,
  writes: MaskWrite[],
  onHistory: (event: 'undone' | 'redone') => void,
): Promise<void> {
  const breathe = breather();
  const steps: Step[] = [];
  const backward = () =>
    [...steps]
      .reverse()
      .forEach(step => revertEdit(step.labelmap.voxels[step.sliceIndex]!, step.edit));
  try {
    for (const { labelmap, masks } of writes) {
      for (const [sliceIndex, mask] of masks) {
        const labels = labelsOf(labelmap, sliceIndex);
        const voxels = labelmap.voxels[sliceIndex];
        if (!labels || !voxels) continue;
        const edit = planEdit(labels, mask, labelmap.labelValue);
        steps.push({ labelmap, sliceIndex, edit });
        applyEdit(voxels, edit);
        await breathe();
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
  const forward = () =>
    steps.forEach(step => applyEdit(step.labelmap.voxels[step.sliceIndex]!, step.edit));
  const history = core.utilities.HistoryMemo.DefaultHistoryMemo;
  history.push({
    id: core.utilities.uuidv4(),
    operationType: 'labelmap',
    restoreMemo(isUndo = true) {
      if (isUndo) backward();
      else forward();
      announce();
      onHistory(isUndo ? 'undone' : 'redone');
    },
  });
  announce();
}
