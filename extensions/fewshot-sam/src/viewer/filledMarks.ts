import type { SliceVoxels } from './labelmap';

/** One bit per voxel of a slice, from the first to the last marked voxel. */
export class VoxelMarks {
  private first = 0;
  private bytes = new Uint8Array(0);

  has(position: number): boolean {
    return ((this.bytes[(position >> 3) - this.first] ?? 0) & (1 << (position & 7))) !== 0;
  }

  set(position: number, isMarked: boolean): void {
    const byte = position >> 3;
    const isOutside = byte < this.first || byte >= this.first + this.bytes.length;
    if (isOutside && !isMarked) return;
    if (isOutside) this.reach(byte);
    const bit = 1 << (position & 7);
    if (isMarked) this.bytes[byte - this.first] |= bit;
    else this.bytes[byte - this.first] &= ~bit;
  }

  private reach(byte: number): void {
    const { length } = this.bytes;
    const first = length ? Math.min(this.first, byte) : byte;
    const needed = length ? Math.max(this.first + length, byte + 1) - first : 1;
    // Double the size: positions arrive in order, one by one.
    const grown = new Uint8Array(Math.max(needed, 2 * length));
    if (length) grown.set(this.bytes, this.first - first);
    this.bytes = grown;
    this.first = first;
  }
}

/** Marks by slice of the series and label value. They are released with the slice. */
export class MarksOfSlices {
  private readonly bySlice = new WeakMap<SliceVoxels, Map<number, VoxelMarks>>();

  /** @returns null if nothing was ever marked */
  of(voxels: SliceVoxels, labelValue: number): VoxelMarks | null {
    return this.bySlice.get(voxels)?.get(labelValue) ?? null;
  }

  set(voxels: SliceVoxels, labelValue: number, position: number, isMarked: boolean): void {
    let marks = this.of(voxels, labelValue);
    if (!marks) {
      if (!isMarked) return;
      marks = new VoxelMarks();
      const byValue = this.bySlice.get(voxels) ?? new Map<number, VoxelMarks>();
      this.bySlice.set(voxels, byValue.set(labelValue, marks));
    }
    marks.set(position, isMarked);
  }

  forget(voxels: SliceVoxels, labelValue: number): void {
    this.bySlice.get(voxels)?.delete(labelValue);
  }
}
