import {
  FewshotError,
  indexMap,
  type Volume,
  type VolumeGeometry,
  voxelCount,
  worldPosition,
} from 'fewshot-sam';

/**
 * Resamples a labelmap to the grid of an image: each voxel takes the value of the labelmap's voxel nearest
 * to its world position, or 0 outside the labelmap. A labelmap may thus have another voxel order,
 * resolution, or field of view.
 *
 * @throws FewshotError `bad-geometry` when no voxel of the image lies in the labelmap
 */
export function matchLabels(labels: Volume, image: VolumeGeometry): Volume {
  const [nx, ny, nz] = image.size;
  const data = new Float32Array(voxelCount(image));
  const indexOf = labels.sliceOrigins ? unevenIndex(labels) : null;
  let matched = 0;
  let voxel = 0;
  for (let z = 0; z < nz; z++) {
    // Map slice by slice: the slices of an uneven series do not lie on a common grid.
    const slice = { ...image, origin: worldPosition(image, [0, 0, z]), sliceOrigins: undefined };
    const { matrix, offset } = indexMap(slice, labels);
    for (let y = 0; y < ny; y++) {
      const startX = matrix[1] * y + offset[0];
      const startY = matrix[4] * y + offset[1];
      const startZ = matrix[7] * y + offset[2];
      for (let x = 0; x < nx; x++, voxel++) {
        const along = [startX + matrix[0] * x, startY + matrix[3] * x, startZ + matrix[6] * x];
        const [i, j, k] = (indexOf?.(along) ?? along).map(Math.round);
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
      `The labels do not overlap the image: their centers lie at ${center(labels)} and ${center(image)} mm.`,
      'Give the labels that were drawn on this image.',
    );
  }
  const { size, spacing, origin, direction, sliceOrigins } = image;
  return { data, size, spacing, origin, direction, sliceOrigins };
}

/**
 * For a volume of uneven slices, converts an index of the even grid (from its first slice, at its usual
 * spacing) to that of the nearest slice; a third index of -1 means that no slice is near.
 */
function unevenIndex(volume: VolumeGeometry): (even: readonly number[]) => number[] {
  const even = { ...volume, sliceOrigins: undefined };
  // Positions of the slices' first pixels on the even grid.
  const places = volume.sliceOrigins!.map(origin => indexMap({ ...even, origin }, even).offset);
  const heights = places.map(place => place[2]);
  return ([i, j, k]) => {
    let nearest = 0;
    for (let s = 1; s < heights.length; s++) {
      if (Math.abs(heights[s] - k) < Math.abs(heights[nearest] - k)) nearest = s;
    }
    const [x, y, height] = places[nearest];
    const neighbor = heights[k < height ? nearest - 1 : nearest + 1];
    // Reach halfway to the next slice, and as far on the outside.
    const reach = neighbor === undefined ? 0.5 : Math.abs(neighbor - height) / 2;
    return [i - x, j - y, Math.abs(k - height) <= reach ? nearest : -1];
  };
}

function center(geometry: VolumeGeometry): string {
  const middle = geometry.size.map(count => (count - 1) / 2);
  return `(${worldPosition(geometry, middle)
    .map(value => value.toFixed(1))
    .join(', ')})`;
}
