/** The voxels of one slice that a write changes. */
export interface LabelEdit {
  labelValue: number;
  /** Background that becomes the structure. */
  filled: Uint32Array;
  /** The structure that becomes background. */
  cleared: Uint32Array;
}

/** Readable and writable values, such as cornerstone's voxel manager. */
export interface Voxels {
  getAtIndex(index: number): number;
  setAtIndex(index: number, value: number): unknown;
}

/**
 * Finds the changes that make a slice show `mask` as `labelValue`. Voxels of other segments stay: only
 * background becomes the structure, and only the structure becomes background.
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

export function applyEdit(voxels: Voxels, edit: LabelEdit): void {
  for (const index of edit.filled) voxels.setAtIndex(index, edit.labelValue);
  for (const index of edit.cleared) voxels.setAtIndex(index, 0);
}

/** Reverts an edit, except for voxels that have changed since. */
export function revertEdit(voxels: Voxels, edit: LabelEdit): void {
  for (const index of edit.filled) {
    if (voxels.getAtIndex(index) === edit.labelValue) voxels.setAtIndex(index, 0);
  }
  for (const index of edit.cleared) {
    if (voxels.getAtIndex(index) === 0) voxels.setAtIndex(index, edit.labelValue);
  }
}
