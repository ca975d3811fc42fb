import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FewshotError, type VolumeGeometry, worldPosition } from 'fewshot-sam';
import { writeFileAside } from '../files/writeFileAside';
import { segmentLines, type WrittenSegment } from './segmentFields';

/** A structure to write. */
export type NrrdStructure = Omit<WrittenSegment, 'layer' | 'extent'> & {
  /** One value for each voxel. */
  mask: Uint8Array;
};

/**
 * Writes structures that do not overlap as a segmentation of 3D Slicer: one layer, with names, colors and
 * terms.
 *
 * @throws FewshotError `bad-geometry` when slices are unevenly spaced, `bad-input` when structures overlap
 *   or the file cannot be written
 */
export async function writeSegNrrd(
  structures: readonly NrrdStructure[],
  geometry: VolumeGeometry,
  file: string,
): Promise<void> {
  const { size, spacing, direction } = geometry;
  const voxels = size[0] * size[1] * size[2];
  const isWide = structures.some(({ value }) => value > 255);
  const volume = isWide ? new Uint16Array(voxels) : new Uint8Array(voxels);
  const segments = structures.map(({ mask, ...segment }): WrittenSegment => {
    mask.forEach((inside, voxel) => {
      if (!inside) return;
      if (volume[voxel] !== 0) {
        throw new FewshotError(
          'bad-input',
          `Structures with the values ${volume[voxel]} and ${segment.value} overlap.`,
          'Write them to separate files.',
        );
      }
      volume[voxel] = segment.value;
    });
    return { ...segment, layer: 0, extent: extentOf(mask, size) };
  });
  const axis = (a: number) =>
    `(${[0, 1, 2].map(row => direction[3 * row + a] * spacing[a] + 0).join(',')})`;
  const header = [
    'NRRD0004',
    '# Complete NRRD file format specification at:',
    '# http://teem.sourceforge.net/nrrd/format.html',
    `type: ${isWide ? 'unsigned short' : 'unsigned char'}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${size.join(' ')}`,
    `space directions: ${[0, 1, 2].map(axis).join(' ')}`,
    'kinds: domain domain domain',
    ...(isWide ? ['endian: little'] : []),
    'encoding: gzip',
    `space origin: (${worldPosition(geometry, [0, 0, 0]).join(',')})`,
    ...segments.flatMap(segmentLines),
    'Segmentation_ContainedRepresentationNames:=Binary labelmap|',
    'Segmentation_MasterRepresentation:=Binary labelmap',
    'Segmentation_ReferenceImageExtentOffset:=0 0 0',
    '',
    '',
  ].join('\n');
  const content = await promisify(gzip)(
    new Uint8Array(volume.buffer, volume.byteOffset, volume.byteLength),
  );
  await writeFileAside(
    '--out',
    file,
    Buffer.concat([Buffer.from(header, 'utf8'), content]),
    '.nrrd',
  );
}

function extentOf(mask: Uint8Array, [nx, ny, nz]: readonly number[]): number[] {
  const extent = [nx, -1, ny, -1, nz, -1];
  mask.forEach((inside, voxel) => {
    if (!inside) return;
    const index = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
    index.forEach((at, axis) => {
      extent[2 * axis] = Math.min(extent[2 * axis], at);
      extent[2 * axis + 1] = Math.max(extent[2 * axis + 1], at);
    });
  });
  return extent[1] < 0 ? [0, -1, 0, -1, 0, -1] : extent;
}
