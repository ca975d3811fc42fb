import { FewshotError, type VolumeGeometry } from 'fewshot-sam';
import { cornerDistance, type FileVolume } from '../nifti/niftiGeometry';

/** Grids whose corners are closer than this fraction of a voxel count as equal. */
const SAME_GRID = 0.5;

const REMEDY =
  'Copy the geometry of the image into the labels (e.g. FSL’s fslcpgeom), if they were drawn voxel by voxel on it.';

/**
 * Refuses NIfTI labels whose header gives a different position from the image's although most likely the
 * same is meant. Labels are matched by position.
 *
 * @param name name of the labels for the user; begins the message
 * @throws FewshotError `bad-geometry`
 */
export function checkLabelsPlace(labels: FileVolume, image: FileVolume, name: string): void {
  const placed = [labels, image].map(({ nifti }) => nifti?.placement !== 'none');
  if (placed[0] !== placed[1]) {
    throw new FewshotError(
      'bad-geometry',
      placed[0]
        ? `The image has no orientation (sform_code and qform_code are 0), but ${name} has one.`
        : `${name} has no orientation (sform_code and qform_code are 0), but the image has one.`,
      REMEDY,
    );
  }
  if (isSameGrid(labels, image) || !hasSize(labels, image)) return;
  const off = () => cornerDistance(labels, image).toPrecision(3);
  if (isIdentity(labels) || isIdentity(image)) {
    throw new FewshotError(
      'bad-geometry',
      `${isIdentity(labels) ? name : 'The image'} has the identity matrix, as if it was never set, and so lies ${off()} mm away from ${isIdentity(labels) ? 'the image' : name}, which has the same number of voxels.`,
      REMEDY,
    );
  }
  // Their sforms differ, but another pair of their forms agrees.
  const others = (volume: FileVolume) => volume.nifti?.candidates ?? [volume];
  const agrees = others(labels).some(a => others(image).some(b => isSameGrid(a, b)));
  if (agrees) {
    throw new FewshotError(
      'bad-geometry',
      `${name} and the image lie ${off()} mm apart by the forms that the NIfTI standard prefers, but coincide by another pair of their sforms and qforms.`,
      'Make sform and qform of both files agree, so that every program places them alike.',
    );
  }
}

const hasSize = (a: VolumeGeometry, b: VolumeGeometry) =>
  a.size.every((count, axis) => count === b.size[axis]);

const isSameGrid = (a: VolumeGeometry, b: VolumeGeometry) =>
  hasSize(a, b) && cornerDistance(a, b) <= SAME_GRID * Math.min(...b.spacing);

/** Compares in NIfTI's axes; the first two run against DICOM's. */
const isIdentity = ({ spacing, origin, direction, nifti }: FileVolume) =>
  nifti !== undefined &&
  [...spacing, ...origin, ...direction].every(
    (value, i) => value === [1, 1, 1, 0, 0, 0, -1, 0, 0, 0, -1, 0, 0, 0, 1][i],
  );
