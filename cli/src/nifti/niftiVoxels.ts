import { FewshotError } from 'fewshot-sam';
import type { NiftiHeader, VoxelType } from './niftiHeader';

/** How voxels are stored. */
export type VoxelLayout = Pick<
  NiftiHeader,
  'size' | 'type' | 'little' | 'dataOffset' | 'slope' | 'intercept'
>;

export const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
} as const;

const GETTERS: Record<
  VoxelType,
  (view: DataView, offset: number, little: boolean) => number | bigint
> = {
  uint8: (view, offset) => view.getUint8(offset),
  int8: (view, offset) => view.getInt8(offset),
  uint16: (view, offset, little) => view.getUint16(offset, little),
  int16: (view, offset, little) => view.getInt16(offset, little),
  uint32: (view, offset, little) => view.getUint32(offset, little),
  int32: (view, offset, little) => view.getInt32(offset, little),
  float32: (view, offset, little) => view.getFloat32(offset, little),
  float64: (view, offset, little) => view.getFloat64(offset, little),
  int64: (view, offset, little) => view.getBigInt64(offset, little),
  uint64: (view, offset, little) => view.getBigUint64(offset, little),
};

/** float32 holds every integer up to this one. */
const EXACT_IN_FLOAT32 = 2 ** 24;

/**
 * Reads and scales the voxel values of a file.
 *
 * @param bytes the file with the voxels, decompressed; as long as its header says
 * @param isExact refuses integers that float32 does not hold, as for label values
 * @throws FewshotError `bad-input` when a number is too large
 */
export function niftiVoxels(
  bytes: Uint8Array,
  { size, type, little, dataOffset, slope, intercept }: VoxelLayout,
  name: string,
  isExact: boolean,
): Float32Array {
  const count = size[0] * size[1] * size[2];
  const stored = storedValue(bytes, type, little, dataOffset, count);
  const data = new Float32Array(count);
  for (let voxel = 0; voxel < count; voxel++) {
    const raw = stored(voxel);
    const number = Number(raw);
    if (typeof raw === 'bigint' && !Number.isSafeInteger(number)) throw tooLarge(raw, voxel);
    const value = number * slope + intercept;
    if (isExact && Math.abs(value) > EXACT_IN_FLOAT32 && Number.isFinite(value)) {
      throw tooLarge(value, voxel);
    }
    data[voxel] = value;
    if (Number.isFinite(value) && !Number.isFinite(data[voxel])) throw tooLarge(value, voxel);
  }
  return data;

  function tooLarge(value: number | bigint, voxel: number): FewshotError {
    return new FewshotError(
      'bad-input',
      `${name} holds ${value} at voxel ${voxelText(voxel, size)}: too large to be represented exactly.`,
      isExact ? `Give label values up to ${EXACT_IN_FLOAT32}.` : 'Scale the values of the image.',
    );
  }
}

function storedValue(
  bytes: Uint8Array,
  type: VoxelType,
  little: boolean,
  dataOffset: number,
  count: number,
): (voxel: number) => number | bigint {
  const width = ARRAYS[type].BYTES_PER_ELEMENT;
  if (little || width === 1) {
    // Copy, because a typed array must begin at a multiple of its element size.
    const { buffer } = new Uint8Array(bytes.subarray(dataOffset, dataOffset + count * width));
    const values: ArrayLike<number | bigint> = new ARRAYS[type](buffer);
    return voxel => values[voxel];
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const get = GETTERS[type];
  return voxel => get(view, dataOffset + voxel * width, false);
}

/** E.g. `(3, 0, 12)`. */
export function voxelText(voxel: number, [nx, ny]: readonly number[]): string {
  return `(${voxel % nx}, ${Math.floor(voxel / nx) % ny}, ${Math.floor(voxel / (nx * ny))})`;
}
