/**
 * Writes a DICOM SEG of a series with dcmqi: two boxes of voxels, the second on every other slice.
 *
 *     writeWithDcmqi.mjs FOLDER SEG
 *
 * Prints { segment label: [[x, y, z], ...] } as JSON: where in the patient the voxels are, in mm (LPS).
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { readImageDicomFileSeriesNode, writeSegmentationNode } from '@itk-wasm/dicom';
import { Image, ImageType, PixelTypes } from 'itk-wasm';

const [folder, seg] = process.argv.slice(2).map(name => path.resolve(name));
const files = readdirSync(folder).map(name => path.join(folder, name));
const { outputImage } = await readImageDicomFileSeriesNode({ inputImages: files });
const { size, spacing, origin, direction } = outputImage;

const image = new Image(new ImageType(3, 'int16', PixelTypes.Scalar, 1));
Object.assign(image, { size, spacing, origin, direction });
image.data = new Int16Array(size[0] * size[1] * size[2]);
const places = { Box: [], Rows: [] };
image.data.forEach((_, i) => {
  const index = [
    i % size[0],
    Math.floor(i / size[0]) % size[1],
    Math.floor(i / (size[0] * size[1])),
  ];
  const [x, y, z] = index;
  const label =
    x > 20 && x < 40 && y > 30 && y < 35 && z > 2 && z < 7
      ? 1
      : y > 100 && y < 104 && x < 90 + z && z % 2 && z < 12
        ? 2
        : 0;
  if (!label) return;
  image.data[i] = label;
  places[label === 1 ? 'Box' : 'Rows'].push(
    [0, 1, 2].map(row =>
      index.reduce(
        (sum, v, axis) => sum + direction[row * 3 + axis] * spacing[axis] * v,
        origin[row],
      ),
    ),
  );
});

const code = (CodeValue, CodeMeaning) => ({
  CodeValue,
  CodingSchemeDesignator: 'SCT',
  CodeMeaning,
});
const segment = (labelID, SegmentLabel, recommendedDisplayRGBValue) => ({
  labelID,
  SegmentLabel,
  SegmentDescription: SegmentLabel,
  SegmentAlgorithmType: 'MANUAL',
  SegmentedPropertyCategoryCodeSequence: code('123037004', 'Anatomical Structure'),
  SegmentedPropertyTypeCodeSequence: code('23451007', 'Adrenal gland'),
  SegmentedPropertyTypeModifierCodeSequence: code('24028007', 'Right'),
  recommendedDisplayRGBValue,
});
await writeSegmentationNode(
  image,
  {
    ContentCreatorName: 'Doe^Jane',
    SeriesDescription: 'By dcmqi',
    SeriesNumber: '300',
    InstanceNumber: '1',
    segmentAttributes: [[segment(1, 'Box', [221, 84, 84]), segment(2, 'Rows', [0, 128, 255])]],
    ContentLabel: 'SEGMENTATION',
    ContentDescription: 'Boxes',
    ClinicalTrialSeriesID: '1',
    ClinicalTrialTimePointID: '1',
    BodyPartExamined: '',
  },
  seg,
  { refDicomSeries: files, skipEmptySlices: true },
);
process.stdout.write(`\n${JSON.stringify(places)}\n`);
