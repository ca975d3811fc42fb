/**
 * Reads a DICOM SEG with dcmqi (as ITK-Wasm packs it), the reference implementation.
 *
 *     readWithDcmqi.mjs SEG [--overlapping]
 *
 * Prints as JSON the grid, the number of voxels per label on each slice, and the segments' attributes.
 */
import { readOverlappingSegmentationNode, readSegmentationNode } from '@itk-wasm/dicom';

const [file, overlapping] = process.argv.slice(2);
const { segImage, metaInfo } = await (overlapping
  ? readOverlappingSegmentationNode(file)
  : readSegmentationNode(file));
const [columns, rows, slices] = segImage.size;
const { components } = segImage.imageType;
const counts = [];
segImage.data.forEach((label, i) => {
  if (!label) return;
  const slice = Math.floor(i / (components * rows * columns));
  counts[label] ??= Array(slices).fill(0);
  counts[label][slice]++;
});
const { size, spacing, origin } = segImage;
const direction = Array.from(segImage.direction);
// ITK's module may print on the way: the answer is the last line.
process.stdout.write(
  `\n${JSON.stringify({ size, spacing, origin, direction, components, counts, metaInfo })}\n`,
);
