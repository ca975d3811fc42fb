import { squaredDistances } from './distanceTransform';
import { checkSameGrid, type Triple } from './grid';

export interface SurfaceDistanceOptions {
  /**
   * Which surface voxels count, by their index (x + nx * (y + ny * z)). Those left out are still
   * surface that others may be near to.
   */
  counts?: (voxel: number) => boolean;
}

/**
 * Average symmetric surface distance in mm (Heimann et al., "Comparison and Evaluation of Methods
 * for Liver Segmentation from CT Datasets", IEEE TMI 28(8), 2009): the mean, over the surface voxels
 * of both masks together, of the distance to the nearest surface voxel of the other mask. A surface
 * voxel is one of the mask with a face neighbour outside it; what lies beyond the grid is outside.
 *
 * Both masks empty, or no surface voxel counts: 0, they agree. One mask empty: null, there is no
 * distance to nothing.
 *
 * @param size voxels along each axis, the fastest in memory first
 * @param spacing mm along each axis
 * @throws FewshotError `bad-geometry` when a mask does not fit the grid
 */
export function averageSymmetricSurfaceDistance(
  predicted: ArrayLike<number>,
  truth: ArrayLike<number>,
  size: Triple,
  spacing: Triple,
  { counts = () => true }: SurfaceDistanceOptions = {},
): number | null {
  checkSameGrid(predicted, truth, size);
  const surfaces = [surfaceVoxels(predicted, size), surfaceVoxels(truth, size)];
  if (surfaces.every(surface => surface.length === 0)) return 0;
  if (surfaces.some(surface => surface.length === 0)) return null;

  // All that matters lies in the box around both surfaces, often a small part of the volume.
  const box = boundingBox(surfaces, size);
  let sum = 0;
  let count = 0;
  for (const [from, to] of [surfaces, [...surfaces].reverse()]) {
    const features = new Uint8Array(box.size[0] * box.size[1] * box.size[2]);
    for (const voxel of to) features[indexInBox(voxel, size, box)] = 1;
    const distances = squaredDistances(features, box.size, spacing);
    for (const voxel of from) {
      if (!counts(voxel)) continue;
      sum += Math.sqrt(distances[indexInBox(voxel, size, box)]);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Indices of the mask's voxels that have a face neighbour outside the mask or the grid. */
export function surfaceVoxels(mask: ArrayLike<number>, [nx, ny, nz]: Triple): number[] {
  const voxels: number[] = [];
  const plane = nx * ny;
  let voxel = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, voxel++) {
        if (!mask[voxel]) continue;
        const isInner =
          x > 0 &&
          x < nx - 1 &&
          y > 0 &&
          y < ny - 1 &&
          z > 0 &&
          z < nz - 1 &&
          mask[voxel - 1] &&
          mask[voxel + 1] &&
          mask[voxel - nx] &&
          mask[voxel + nx] &&
          mask[voxel - plane] &&
          mask[voxel + plane];
        if (!isInner) voxels.push(voxel);
      }
    }
  }
  return voxels;
}

interface Box {
  low: Triple;
  size: Triple;
}

function position(voxel: number, [nx, ny]: Triple): Triple {
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
}

function boundingBox(surfaces: number[][], size: Triple): Box {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (const surface of surfaces) {
    for (const voxel of surface) {
      position(voxel, size).forEach((value, axis) => {
        low[axis] = Math.min(low[axis], value);
        high[axis] = Math.max(high[axis], value);
      });
    }
  }
  return { low, size: [0, 1, 2].map(axis => high[axis] - low[axis] + 1) as Triple };
}

function indexInBox(voxel: number, size: Triple, box: Box): number {
  const [x, y, z] = position(voxel, size);
  const [lowX, lowY, lowZ] = box.low;
  return x - lowX + box.size[0] * (y - lowY + box.size[1] * (z - lowZ));
}
