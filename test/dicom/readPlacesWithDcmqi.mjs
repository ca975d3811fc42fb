/**
 * Reads DICOM SEG files with dcmqi and says where in the patient each segment is.
 *
 *     readPlacesWithDcmqi.mjs FILE ...
 *
 * Prints per file { segment label: [[x, y, z], ...] } as JSON, in mm (LPS), or { error }.
 */
import { readSegmentationNode } from '@itk-wasm/dicom';

async function places(file) {
  const { segImage, metaInfo } = await readSegmentationNode(file);
  const [nx, ny] = segImage.size;
  const { direction, spacing, origin } = segImage;
  const labels = new Map(
    metaInfo.segmentAttributes.flat().map(({ labelID, SegmentLabel }) => [labelID, SegmentLabel]),
  );
  const found = {};
  segImage.data.forEach((label, i) => {
    if (!label) return;
    const index = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))];
    const place = [0, 1, 2].map(row =>
      index.reduce(
        (sum, v, axis) => sum + direction[row * 3 + axis] * spacing[axis] * v,
        origin[row],
      ),
    );
    (found[labels.get(label)] ??= []).push(place);
  });
  return found;
}

const all = [];
for (const file of process.argv.slice(2)) {
  try {
    all.push(await places(file));
  } catch (error) {
    all.push({ error: String(error?.message ?? error) });
  }
}
// ITK's module may print on the way: the answer is the last line.
process.stdout.write(`\n${JSON.stringify(all)}\n`);
// A file that ITK's module refuses would otherwise count as a failure of this program.
process.exitCode = 0;
