/** The voxels of one slice that a write changes. */
export interface LabelEdit {
  labelValue: number;
  /** Background that becomes the structure. */
  filled: Uint32Array;
  /** The structure that becomes background. */
  cleared: Uint32Array;
}

/** Anything with readable and writable values, such as cornerstone's voxel manager. */
export interface Voxels {
  getAtIndex(index: number): number;
  setAtIndex(index: number, value: number): unknown;
}

/**
 * What has to change so that a slice shows `mask` as `labelValue`. Voxels of other segments are left
 * alone: only background becomes the structure, and only the structure becomes background.
 *
 * @param labels row-major label values of the slice
 * @param mask 1 inside the structure, same length
 */
export function planEdit(
  labels: ArrayLike<number>,
  mask: Uint8Array,
  labelValue: number,
): LabelEdit {
  const filled: number[] = [];
  const cleared: number[] = [];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] && labels[i] === 0) filled.push(i);
    else if (!mask[i] && labels[i] === labelValue) cleared.push(i);
  }
  return { labelValue, filled: Uint32Array.from(filled), cleared: Uint32Array.from(cleared) };
}

/** Makes the change. */
export function applyEdit(voxels: Voxels, edit: LabelEdit): void {
  for (const index of edit.filled) voxels.setAtIndex(index, edit.labelValue);
  for (const index of edit.cleared) voxels.setAtIndex(index, 0);
}

/** Takes it back, except where somebody has changed a voxel since. */
export function revertEdit(voxels: Voxels, edit: LabelEdit): void {
  for (const index of edit.filled) {
    if (voxels.getAtIndex(index) === edit.labelValue) voxels.setAtIndex(index, 0);
  }
  for (const index of edit.cleared) {
    if (voxels.getAtIndex(index) === 0) voxels.setAtIndex(index, edit.labelValue);
  }
}
