/** Whatever is written is read again: random series, segments, gaps and encodings. */
import { createSegmentation, type Segment } from '../../dicom/src/seg/createSegmentation';
import { encodePart10, RLE_LOSSLESS } from '../../dicom/src/data/encodePart10';
import { expandFrames } from '../../dicom/src/series/expandFrames';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import { longString } from '../../dicom/src/seg/segmentSequence';
import { shuffled } from '../../engine/src/numeric/random';
import { forAllCases, TIMEOUT } from './cases';
import { randomSegments, randomSeries } from './series';

/** Voxels of the slices that are not empty, by the position of the slice. */
function voxels({ masks }: Pick<Segment, 'masks'>, slices: number[]) {
  return [...masks]
    .filter(([, mask]) => mask.includes(1))
    .map(([slice, mask]) => [slices[slice], mask.join('')])
    .sort(([a], [b]) => Number(a) - Number(b));
}

test(
  'a segmentation is read as it was written',
  async () => {
    await forAllCases(async random => {
      const instances = randomSeries(random);
      const sources = expandFrames(instances);
      const pixels = Number(sources[0].Rows) * Number(sources[0].Columns);
      const isLabelMap = random() < 0.5;
      const segments = randomSegments(random, { pixels, slices: sources.length }, isLabelMap);
      const keepEmptyFrames = random() < 0.5 || segments.some(({ masks }) => !hasVoxel(masks));
      const dataset = createSegmentation(instances, segments, {
        segmentationType: isLabelMap ? 'LABELMAP' : 'BINARY',
        keepEmptyFrames,
      });
      const options =
        isLabelMap && random() < 0.5 ? ({ transferSyntaxUid: RLE_LOSSLESS } as const) : {};
      const file = new Uint8Array(encodePart10(dataset, options));

      const order = shuffled(sources.length, random);
      const read = await readSegmentation(
        file,
        order.map(i => sources[i]),
      );
      expect(read.segments.map(segment => voxels(segment, order))).toEqual(
        segments.map(segment => voxels(segment, [...sources.keys()])),
      );
      expect(read.segments.map(({ label, algorithmType }) => [label, algorithmType])).toEqual(
        segments.map(({ label, algorithmType }, i) => [
          longString(label) || `Segment ${i + 1}`,
          algorithmType,
        ]),
      );
      read.segments.forEach(({ color }, i) =>
        color!.forEach((component, c) =>
          expect(Math.abs(component - segments[i].color[c])).toBeLessThanOrEqual(1),
        ),
      );
    });
  },
  TIMEOUT,
);

function hasVoxel(masks: Segment['masks']): boolean {
  return [...masks.values()].some(mask => mask.includes(1));
}
