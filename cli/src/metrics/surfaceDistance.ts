import { checkSameGrid, squaredDistances, type Triple } from 'fewshot-sam';

export interface SurfaceDistanceOptions {
  /**
   * Whether the distance of a surface voxel counts, by its index (x + nx * (y + ny * z)). Excluded voxels
   * still are surface for the distances of others.
   */
  counts?: (voxel: number) => boolean;
  /** The masks are slices of one voxel along the last axis: ignores faces above and below. */
  isFlat?: boolean;
}

/** mm; null when one mask is empty. */
export interface SurfaceDistances {
  /** Average symmetric surface distance: the mean. */
  assdMm: number | null;
  /** 95 % Hausdorff distance: the 95th percentile, interpolated linearly between ranks. */
  hd95Mm: number | null;
}

/**
 * Computes the distances of the surface voxels of each mask to the nearest surface voxel of the other,
 * pooled over both directions: ASSD as in Heimann et al., "Comparison and Evaluation of Methods for Liver
 * Segmentation from CT Datasets" (IEEE TMI 28(8), 2009), HD95 as medpy's `hd95`. (Others take the larger of
 * the two directions' percentiles.) A surface voxel is a voxel of the mask with a face neighbor outside it;
 * everything beyond the grid is outside. Returns 0 when both masks are empty, or no surface voxel counts.
 *
 * @param geometry voxels and mm along each axis, the fastest in memory first
 * @throws FewshotError `bad-geometry` when a mask does not fit the grid
 */
export function surfaceDistances(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { size, spacing }: { size: Triple; spacing: Triple },
  { counts = () => true, isFlat = false }: SurfaceDistanceOptions = {},
): SurfaceDistances {
  checkSameGrid(a, b, size);
  const surfaces = [surfaceVoxels(a, size, isFlat), surfaceVoxels(b, size, isFlat)];
  if (surfaces.every(surface => surface.length === 0)) return { assdMm: 0, hd95Mm: 0 };
  if (surfaces.some(surface => surface.length === 0)) return { assdMm: null, hd95Mm: null };

  // Work in the box around both surfaces, often a small part of the volume.
  const box = boundingBox(surfaces, size);
  const pooled: number[] = [];
  for (const [from, to] of [surfaces, [...surfaces].reverse()]) {
    const features = new Uint8Array(box.size[0] * box.size[1] * box.size[2]);
    for (const voxel of to) features[indexInBox(voxel, size, box)] = 1;
    const distances = squaredDistances(features, box.size, spacing);
    for (const voxel of from) {
      if (counts(voxel)) pooled.push(Math.sqrt(distances[indexInBox(voxel, size, box)]));
    }
  }
  if (pooled.length === 0) return { assdMm: 0, hd95Mm: 0 };
  const sum = pooled.reduce((total, distance) => total + distance, 0);
  return { assdMm: sum / pooled.length, hd95Mm: percentile(Float64Array.from(pooled).sort(), 95) };
}

/** Interpolates linearly between ranks, like NumPy's `percentile`. */
function percentile(sorted: Float64Array, percent: number): number {
  const rank = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}

/** Returns the indices of the mask's voxels that have a face neighbor outside the mask or the grid. */
export function surfaceVoxels(
  mask: ArrayLike<number>,
  [nx, ny, nz]: Triple,
  isFlat = false,
): number[] {
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
          mask[voxel - 1] &&
          mask[voxel + 1] &&
          mask[voxel - nx] &&
          mask[voxel + nx] &&
          (isFlat || (z > 0 && z < nz - 1 && mask[voxel - plane] && mask[voxel + plane]));
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
