import { FewshotError } from '../errors';
import { indexMap, voxelCount, worldPosition, type Volume, type VolumeGeometry } from './volume';

/**
 * Brings a labelmap to the grid of an image: each voxel takes the value of the labelmap's voxel that
 * is nearest to its world position, and 0 where the labelmap does not reach. So a labelmap may have
 * another voxel order, another resolution, or another field of view.
 *
 * @throws FewshotError `bad-geometry` when no voxel of the image lies in the labelmap
 */
export function matchLabels(labels: Volume, image: VolumeGeometry): Volume {
  const { matrix, offset } = indexMap(image, labels);
  const [nx, ny, nz] = image.size;
  const data = new Float32Array(voxelCount(image));
  let matched = 0;
  let voxel = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const startX = matrix[1] * y + matrix[2] * z + offset[0];
      const startY = matrix[4] * y + matrix[5] * z + offset[1];
      const startZ = matrix[7] * y + matrix[8] * z + offset[2];
      for (let x = 0; x < nx; x++, voxel++) {
        const i = Math.round(startX + matrix[0] * x);
        const j = Math.round(startY + matrix[3] * x);
        const k = Math.round(startZ + matrix[6] * x);
        if (i < 0 || j < 0 || k < 0) continue;
        if (i >= labels.size[0] || j >= labels.size[1] || k >= labels.size[2]) continue;
        data[voxel] = labels.data[i + labels.size[0] * (j + labels.size[1] * k)];
        matched++;
      }
    }
  }
  if (matched === 0) {
    throw new FewshotError(
      'bad-geometry',
      `The labels do not overlap the image: their centres lie at ${centre(labels)} and ${centre(image)} mm.`,
      'Give the labels that were drawn on this image.',
    );
  }
  const { size, spacing, origin, direction } = image;
  return { data, size, spacing, origin, direction };
}

function centre(geometry: VolumeGeometry): string {
  const middle = geometry.size.map(count => (count - 1) / 2);
  return `(${worldPosition(geometry, middle)
    .map(value => value.toFixed(1))
    .join(', ')})`;
}
