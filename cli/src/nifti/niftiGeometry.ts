import {
  determinant3x3,
  FewshotError,
  invert3x3,
  RIGHT_ANGLE,
  type Triple,
  type Volume,
  type VolumeGeometry,
  worldPosition,
} from 'fewshot-sam';
import type { NiftiForm } from './niftiFields';

/** Corners of the volume closer than this fraction of a voxel count as equal. */
const SAME_PLACE = 0.1;

/** The header fields that place the volume. */
export type NiftiPlacement = 'sform' | 'qform' | 'none';

/** A volume with the geometry fields of its file. */
export interface FileVolume extends Volume {
  /** Only for a NIfTI file. */
  nifti?: {
    form: NiftiForm;
    placement: NiftiPlacement;
    candidates: readonly VolumeGeometry[];
  };
}

export interface NiftiPlace {
  geometry: VolumeGeometry;
  placement: NiftiPlacement;
  /** Geometry by each valid form. */
  candidates: VolumeGeometry[];
  /** Contradictions, as sentences that continue after the name of the image. */
  notes: string[];
}

/** mm of one unit, by the lowest three bits of `xyzt_units`. */
const UNITS: Record<number, { name: string; mm: number }> = {
  1: { name: 'meters', mm: 1000 },
  3: { name: 'micrometers', mm: 0.001 },
};

/**
 * Derives the geometry of a NIfTI file by its standard: by the sform if there is one (`sform_code` > 0),
 * else by the qform, else by the voxel size alone, from left to right, back to front, feet to head. The
 * spacing comes from the form used.
 *
 * @throws FewshotError `bad-geometry` when no form is usable
 */
export function niftiGeometry(form: NiftiForm, size: Triple, name: string): NiftiPlace {
  const notes: string[] = [];
  const unit = UNITS[form.units & 7];
  if (unit) notes.push(`is in ${unit.name}, which were converted to mm.`);
  const place = (affine: number[] | null) => affine && fromAffine(affine, size, unit?.mm ?? 1);

  const sform = form.sformCode > 0 ? place(usable(form.srow)) : null;
  const qform = form.qformCode > 0 ? place(usable(qformAffine(form))) : null;
  const invalid = [
    ...(form.sformCode > 0 && !sform ? ['sform'] : []),
    ...(form.qformCode > 0 && !qform ? ['qform'] : []),
  ];
  const pixdim = form.pixdim.slice(1, 4);
  if (!sform && !qform && invalid.length > 0) {
    throw new FewshotError(
      'bad-geometry',
      `${name} has no valid ${invalid.join(' and ')} (voxel size ${pixdim.join(' x ')}).`,
      'Give an image whose voxel spacing and orientation are known.',
    );
  }
  const chosen = sform ?? qform;
  if (invalid.length > 0) {
    notes.push(`has no valid ${invalid[0]}; its ${sform ? 'sform' : 'qform'} was used.`);
  } else if (sform && qform) {
    notes.push(...compared(sform.exact, qform.exact, form));
  }
  if (chosen) {
    if (sform && !qform) notes.push(...comparedSpacing(sform.exact, form, unit?.mm ?? 1));
    if (chosen.note) notes.push(chosen.note);
    return {
      geometry: chosen.geometry,
      placement: sform ? 'sform' : 'qform',
      candidates: [sform, qform].flatMap(one => (one ? [one.geometry] : [])),
      notes,
    };
  }

  if (!pixdim.every(isSize)) {
    throw new FewshotError(
      'bad-geometry',
      `${name} has no valid grid (voxel size ${pixdim.join(' x ')}).`,
      'Give an image whose voxel spacing and orientation are known.',
    );
  }
  notes.push(
    'has no orientation (sform_code and qform_code are 0): its axes were assumed to run to the right, front and head.',
  );
  const [x, y, z] = pixdim;
  const { geometry } = place([x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0])!;
  return { geometry, placement: 'none', candidates: [geometry], notes };
}

const isSize = (value: number) => value > 0 && Number.isFinite(value);

/** Returns null for a matrix that is not finite or is singular. */
function usable(affine: number[] | null): number[] | null {
  if (!affine?.every(Number.isFinite)) return null;
  const lengths = [0, 1, 2].map(axis => Math.hypot(...columnOf(affine, axis)));
  if (!lengths.every(isSize)) return null;
  const unit = [0, 1, 2].flatMap(row =>
    [0, 1, 2].map(axis => affine[4 * row + axis] / lengths[axis]),
  );
  // No real image is sheared by more than 60 degrees.
  return Math.abs(determinant3x3(unit)) > 0.5 ? affine : null;
}

/** Returns the qform as a matrix, 3 x 4 (nifti1.h, method 2); null when a voxel has no size. */
function qformAffine({ quatern: [b, c, d], qoffset, pixdim }: NiftiForm): number[] | null {
  const sizes = pixdim.slice(1, 4);
  if (!sizes.every(isSize)) return null;
  const squares = b * b + c * c + d * d;
  // More than rounding: not a unit quaternion.
  if (!(squares <= 1.001)) return null;
  const scale = squares > 1 ? 1 / Math.sqrt(squares) : 1;
  const [i, j, k] = [b * scale, c * scale, d * scale];
  const a = Math.sqrt(Math.max(0, 1 - i * i - j * j - k * k));
  const [x, y] = sizes;
  const z = pixdim[0] < 0 ? -sizes[2] : sizes[2];
  return [
    (a * a + i * i - j * j - k * k) * x,
    2 * (i * j - a * k) * y,
    2 * (i * k + a * j) * z,
    qoffset[0],
    2 * (i * j + a * k) * x,
    (a * a + j * j - i * i - k * k) * y,
    2 * (j * k - a * i) * z,
    qoffset[1],
    2 * (i * k - a * j) * x,
    2 * (j * k + a * i) * y,
    (a * a + k * k - i * i - j * j) * z,
    qoffset[2],
  ];
}

const columnOf = (affine: readonly number[], column: number) =>
  [0, 1, 2].map(row => affine[4 * row + column]);

interface Placed {
  geometry: VolumeGeometry;
  /** Geometry before its axes were rounded to right angles. */
  exact: VolumeGeometry;
  note?: string;
}

/**
 * Converts from NIfTI's right, front, head to DICOM's left, back, head, in mm; rounds axes that are nearly
 * at right angles.
 */
function fromAffine(affine: readonly number[], size: Triple, mm: number): Placed {
  const patient = affine.map((value, i) => (i < 8 && value !== 0 ? -value : value) * mm);
  const columns = [0, 1, 2].map(axis => columnOf(patient, axis));
  const spacing = columns.map(column => Math.hypot(...column)) as Triple;
  const direction = [0, 1, 2].flatMap(row =>
    columns.map((column, axis) => column[row] / spacing[axis]),
  );
  const origin = columnOf(patient, 3) as Triple;
  const exact = { size, spacing, origin, direction };
  const angle = worstCosine(direction);
  // Smaller angles are rounding errors; these are real shear, e.g. of a tilted gantry.
  if (angle > RIGHT_ANGLE) {
    const degrees = ((Math.asin(Math.min(1, angle)) * 180) / Math.PI).toFixed(1);
    return {
      geometry: exact,
      exact,
      note: `is sheared: its axes are ${degrees} degrees off right angles. It was read unchanged.`,
    };
  }
  // Rotate about the center, to move the corners least.
  const rounded = { ...exact, direction: nearestRotation(direction) };
  const middle = size.map(count => (count - 1) / 2);
  const [from, to] = [worldPosition(rounded, middle), worldPosition(exact, middle)];
  rounded.origin = origin.map((value, i) => value + to[i] - from[i]) as Triple;
  const off = cornerDistance(rounded, exact);
  // Keep the file's numbers when only rounding differs.
  if (off < 1e-3 * Math.min(...spacing)) return { geometry: exact, exact };
  return {
    geometry: rounded,
    exact,
    note: `has axes that are not quite at right angles; they were rounded, which moves a corner of the volume by ${off.toPrecision(2)} mm.`,
  };
}

/**
 * Returns the orthonormal matrix nearest to a matrix (its polar factor, by Newton's iteration: Higham 1986,
 * Computing the Polar Decomposition). Preserves mirroring.
 *
 * @param matrix 3 x 3, row-major, not singular
 */
function nearestRotation(matrix: readonly number[]): number[] {
  let current = [...matrix];
  for (let round = 0; round < 20; round++) {
    const inverse = invert3x3(current);
    const next = current.map((value, i) => (value + inverse[(i % 3) * 3 + Math.floor(i / 3)]) / 2);
    const change = Math.max(...next.map((value, i) => Math.abs(value - current[i])));
    current = next;
    if (change < 1e-14) break;
  }
  return current;
}

function worstCosine(direction: readonly number[]): number {
  const cosine = (a: number, b: number) =>
    Math.abs([0, 1, 2].reduce((sum, r) => sum + direction[3 * r + a] * direction[3 * r + b], 0));
  return Math.max(cosine(0, 1), cosine(0, 2), cosine(1, 2));
}

function compared(sform: VolumeGeometry, qform: VolumeGeometry, form: NiftiForm): string[] {
  const off = cornerDistance(sform, qform);
  if (off <= SAME_PLACE * Math.min(...sform.spacing)) return [];
  return [
    `has a sform (code ${form.sformCode}) and a qform (code ${form.qformCode}) that differ by up to ${off.toPrecision(3)} mm. The sform was used, as the NIfTI standard defines; some programs use the qform.`,
  ];
}

function comparedSpacing({ spacing }: VolumeGeometry, { pixdim }: NiftiForm, mm: number): string[] {
  const stated = pixdim.slice(1, 4).map(value => Math.abs(value * mm));
  if (spacing.every((step, i) => Math.abs(step - stated[i]) <= 0.01 * step)) return [];
  const text = (values: readonly number[]) =>
    values.map(value => Number(value.toPrecision(4))).join(' x ');
  return [
    `has voxels of ${text(spacing)} mm by its sform, and of ${text(stated)} mm by pixdim. The sform was used, as the NIfTI standard defines.`,
  ];
}

/** Returns the largest distance between corresponding corners, mm. */
export function cornerDistance(a: VolumeGeometry, b: VolumeGeometry): number {
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const index = a.size.map((count, axis) => ((corner >> axis) & 1) * (count - 1));
    const [p, q] = [worldPosition(a, index), worldPosition(b, index)];
    most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most;
}
