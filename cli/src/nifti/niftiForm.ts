import type { NiftiForm } from './niftiFields';
import { determinant3x3, type VolumeGeometry } from 'fewshot-sam';

const SCANNER = 1;
const MM = 2;
/** Largest cosine between two axes that is rounding, so that a quaternion still represents them. */
const QUATERNION_ERROR = 1e-4;

/**
 * Returns the NIfTI geometry fields of a volume, in mm to the right, front and head, with equivalent sform
 * and qform. A quaternion cannot represent sheared axes (a tilted gantry), so such a volume has only a
 * sform (`qform_code` 0).
 */
export function niftiForm({ spacing, origin, direction }: VolumeGeometry): NiftiForm {
  const flipped = (value: number, row: number) => (row < 2 && value !== 0 ? -value : value);
  const rotation = direction.map((value, i) => flipped(value, Math.floor(i / 3)));
  const offset = origin.map(flipped);
  const isSheared = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].some(
    ([a, b]) =>
      Math.abs([0, 1, 2].reduce((s, r) => s + rotation[3 * r + a] * rotation[3 * r + b], 0)) >
      QUATERNION_ERROR,
  );
  // The quaternion rotates, and qfac mirrors the third axis.
  const qfac = determinant3x3(rotation) < 0 ? -1 : 1;
  const turned = rotation.map((value, i) => (i % 3 === 2 ? value * qfac : value));
  return {
    version: 1,
    qformCode: isSheared ? 0 : SCANNER,
    sformCode: SCANNER,
    quatern: isSheared ? [0, 0, 0] : quaternion(turned),
    qoffset: isSheared ? [0, 0, 0] : offset,
    srow: [0, 1, 2].flatMap(row => [
      ...[0, 1, 2].map(axis => rotation[3 * row + axis] * spacing[axis]),
      offset[row],
    ]),
    pixdim: [isSheared ? 1 : qfac, ...spacing, 1, 1, 1, 1],
    units: MM,
  };
}

/** Returns b, c and d of the unit quaternion of a rotation, for a >= 0. */
function quaternion(r: readonly number[]): number[] {
  const square = (x: number, y: number, z: number) =>
    Math.sqrt(Math.max(0, 1 + x * r[0] + y * r[4] + z * r[8])) / 2;
  const a = square(1, 1, 1);
  const sizes = [square(1, -1, -1), square(-1, 1, -1), square(-1, -1, 1)];
  const largest = sizes.indexOf(Math.max(...sizes));
  // Start from the largest of the four, to avoid dividing by nearly zero.
  if (a >= sizes[largest]) {
    return [r[7] - r[5], r[2] - r[6], r[3] - r[1]].map(value => value / (4 * a) + 0);
  }
  const [b, c, d] = [
    () => [sizes[0], (r[1] + r[3]) / (4 * sizes[0]), (r[2] + r[6]) / (4 * sizes[0])],
    () => [(r[1] + r[3]) / (4 * sizes[1]), sizes[1], (r[5] + r[7]) / (4 * sizes[1])],
    () => [(r[2] + r[6]) / (4 * sizes[2]), (r[5] + r[7]) / (4 * sizes[2]), sizes[2]],
  ][largest]();
  const sign = [r[7] - r[5], r[2] - r[6], r[3] - r[1]][largest] < 0 ? -1 : 1;
  return [b * sign, c * sign, d * sign].map(value => value + 0);
}
