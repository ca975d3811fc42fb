import { insertSlice, type Mask, type Plane, type VolumeGeometry, voxelCount } from 'fewshot-sam';

/** Assembles the mask of the whole volume: drawn slices as drawn, all others as segmented. */
export function assembleMask(
  drawn: ReadonlyMap<number, Mask>,
  segmented: readonly { index: number; mask: Mask }[],
  geometry: VolumeGeometry,
  plane: Plane,
): Uint8Array {
  const volume = new Uint8Array(voxelCount(geometry));
  for (const { index, mask } of segmented) insertSlice(volume, geometry, plane, index, mask);
  for (const [index, mask] of drawn) insertSlice(volume, geometry, plane, index, mask);
  return volume;
}
