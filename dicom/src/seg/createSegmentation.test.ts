import { createSegmentation, type Segment } from './createSegmentation';
import { dcmjsData } from '../data/dcmjsData';
import { encodePart10 } from '../data/encodePart10';
import type { NaturalizedDataset } from '../data/naturalized';
import { CT_IMAGE_STORAGE, image as plainImage, mask, readBack } from './testSeries';

/** With what a viewer adds to it. */
const image = (z: number, change: NaturalizedDataset = {}): NaturalizedDataset =>
  plainImage(z, {
    PatientName: [{ Alphabetic: 'Demo^Brain' }],
    imageId: 'wadors:https://example.org/1',
    wadoRoot: 'https://example.org',
    frameNumber: 1,
    '00291010': new ArrayBuffer(4),
    OperatorsName: undefined,
    ...change,
  });
const images = [image(0), image(2), image(4), image(6)];

const EMPTY = mask('.....', '.....', '.....');
const L = mask('#....', '#....', '###..');
const BAR = mask('.....', '..###', '.....');

const liver: Segment = {
  label: 'Liver',
  color: [221, 84, 84],
  algorithmType: 'SEMIAUTOMATIC',
  masks: new Map([
    [3, BAR],
    [0, EMPTY],
    [1, L],
  ]),
};
const spleen: Segment = {
  label: 'Spleen',
  color: [0, 128, 255],
  algorithmType: 'MANUAL',
  masks: new Map([[1, BAR]]),
};

/** dcmjs gives a sequence of one item as a bare item that can also be indexed. */
const items = (sequence: unknown): NaturalizedDataset[] =>
  Array.from(sequence as ArrayLike<NaturalizedDataset>);
const item = (sequence: unknown): NaturalizedDataset => items(sequence)[0];

/** Frames of a read SEG, drawn. */
function drawn(seg: NaturalizedDataset): string[][] {
  const packed = new Uint8Array((seg.PixelData as ArrayBuffer[])[0]);
  const rows = Number(seg.Rows);
  const columns = Number(seg.Columns);
  const pixel = (i: number) => ((packed[i >> 3] >> (i & 7)) & 1 ? '#' : '.');
  return Array.from({ length: Number(seg.NumberOfFrames) }, (_, frame) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) =>
        pixel((frame * rows + row) * columns + column),
      ).join(''),
    ),
  );
}

describe('createSegmentation', () => {
  const seg = readBack(createSegmentation(images, [liver, spleen]));
  const frames = items(seg.PerFrameFunctionalGroupsSequence);

  it('has a frame for each segment on each slice that it is on', () => {
    expect(drawn(seg)).toEqual([
      ['#....', '#....', '###..'],
      ['.....', '..###', '.....'],
      ['.....', '..###', '.....'],
    ]);
    const segmentNumbers = frames.map(
      frame => item(frame.SegmentIdentificationSequence).ReferencedSegmentNumber,
    );
    expect(segmentNumbers).toEqual([1, 1, 2]);
  });

  it('says where each frame lies and which image it was drawn on', () => {
    expect(frames.map(frame => item(frame.PlanePositionSequence).ImagePositionPatient)).toEqual([
      [-10, -20, 2],
      [-10, -20, 6],
      [-10, -20, 2],
    ]);
    const sources = frames.map(frame =>
      item(item(frame.DerivationImageSequence).SourceImageSequence),
    );
    expect(sources.map(source => source.ReferencedSOPInstanceUID)).toEqual([
      '1.2.3.2',
      '1.2.3.6',
      '1.2.3.2',
    ]);
    expect(sources.map(source => source.ReferencedSOPClassUID)).toEqual(
      Array(3).fill(CT_IMAGE_STORAGE),
    );
    expect(item(seg.ReferencedSeriesSequence).SeriesInstanceUID).toBe('1.2.30');
    const referenced = items(item(seg.ReferencedSeriesSequence).ReferencedInstanceSequence);
    expect(referenced.map(source => source.ReferencedSOPInstanceUID)).toEqual([
      '1.2.3.2',
      '1.2.3.6',
    ]);
  });

  it('counts positions from 1 without gaps', () => {
    expect(frames.map(frame => item(frame.FrameContentSequence).DimensionIndexValues)).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(item(seg.DimensionOrganizationSequence).DimensionOrganizationUID).toBe(
      items(seg.DimensionIndexSequence)[1].DimensionOrganizationUID,
    );
  });

  it('describes the grid', () => {
    const shared = item(seg.SharedFunctionalGroupsSequence);
    expect(item(shared.PlaneOrientationSequence).ImageOrientationPatient).toEqual([
      1, 0, 0, 0, 1, 0,
    ]);
    expect(item(shared.PixelMeasuresSequence)).toMatchObject({
      PixelSpacing: [0.5, 0.7],
      SliceThickness: 3,
      SpacingBetweenSlices: 2,
    });
  });

  it('names the algorithm for what it predicted, and only for that', () => {
    const [predicted, manual] = items(seg.SegmentSequence);
    expect(predicted).toMatchObject({
      SegmentNumber: 1,
      SegmentLabel: 'Liver',
      SegmentAlgorithmType: 'SEMIAUTOMATIC',
      SegmentAlgorithmName: 'Few-shot SAM',
    });
    const identification = item(predicted.SegmentationAlgorithmIdentificationSequence);
    expect(identification).toMatchObject({
      AlgorithmName: 'Few-shot SAM',
      AlgorithmVersion: 'development',
    });
    expect(item(identification.AlgorithmFamilyCodeSequence).CodeValue).toBe('123110');
    expect(manual).toMatchObject({ SegmentNumber: 2, SegmentAlgorithmType: 'MANUAL' });
    expect(manual).not.toHaveProperty('SegmentAlgorithmName');
    expect(manual).not.toHaveProperty('SegmentationAlgorithmIdentificationSequence');
  });

  it('gives colors as CIELab relative to D50', () => {
    // sRGB (221, 84, 84) is L* 55.05, a* 54.5, b* 29.9 under D50.
    const [l, a, b] = items(seg.SegmentSequence)[0].RecommendedDisplayCIELabValue as number[];
    expect(l / 655.35).toBeCloseTo(55.05, 1);
    expect(a / 257 - 128).toBeCloseTo(54.5, 1);
    expect(b / 257 - 128).toBeCloseTo(29.9, 1);
  });

  it('belongs to the patient, study and frame of reference of its source', () => {
    expect(seg).toMatchObject({
      PatientID: 'P1',
      PatientSex: 'F',
      StudyInstanceUID: '1.2.300',
      StudyDate: '20010316',
      FrameOfReferenceUID: '1.2.3000',
      Modality: 'SEG',
      SegmentationType: 'BINARY',
      SegmentsOverlap: 'NO',
      LossyImageCompression: '00',
    });
    expect(String(seg.PatientName)).toBe('Demo^Brain');
    expect(seg.SeriesInstanceUID).not.toBe('1.2.30');
  });

  it('has UIDs of its own each time', () => {
    const uids = [1, 2].flatMap(() => {
      const { SOPInstanceUID, SeriesInstanceUID } = createSegmentation(images, [liver]);
      return [SOPInstanceUID, SeriesInstanceUID];
    });
    expect(new Set(uids).size).toBe(4);
  });

  it('takes nothing else from what the viewer hands out', () => {
    expect(Object.keys(seg)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/imageId|wadoRoot|frameNumber|0029/)]),
    );
  });

  it('says when segments overlap', () => {
    const over = { ...spleen, masks: new Map([[1, L]]) };
    expect(createSegmentation(images, [liver, over]).SegmentsOverlap).toBe('YES');
  });

  it('passes on that the source lost detail to compression', () => {
    const lossy = { LossyImageCompression: '01', LossyImageCompressionRatio: 10 };
    const sources = [image(0), image(2, { ...lossy, LossyImageCompressionMethod: 'ISO_15444_1' })];
    const masks = new Map([[0, L]]);
    expect(readBack(createSegmentation(sources, [{ ...liver, masks }]))).toMatchObject({
      LossyImageCompression: '01',
      LossyImageCompressionRatio: 10,
      LossyImageCompressionMethod: 'ISO_15444_1',
    });
  });

  it('leaves out the frame of reference where the source has none', () => {
    const sources = images.map(source => ({ ...source, FrameOfReferenceUID: undefined }));
    expect(readBack(createSegmentation(sources, [liver]))).not.toHaveProperty(
      'FrameOfReferenceUID',
    );
  });

  it.each([
    ['', 'Segment 1'],
    ['  Left\\right\n ', 'Left/right'],
    ['Größe 肝臓', 'Größe 肝臓'],
    ['x'.repeat(80), 'x'.repeat(64)],
  ])('writes the label %j as %j', (label, written) => {
    const read = readBack(createSegmentation(images, [{ ...liver, label }]));
    expect(item(read.SegmentSequence).SegmentLabel).toBe(written);
  });

  it.each<[string, NaturalizedDataset[], Segment[], string, RegExp]>([
    ['no segment', images, [], 'bad-input', /nothing to store/],
    [
      'no voxel',
      images,
      [{ ...liver, masks: new Map([[0, EMPTY]]) }],
      'bad-input',
      /"Liver" has no voxel/,
    ],
    [
      'one segment without voxel',
      images,
      [liver, { ...spleen, masks: new Map() }],
      'bad-input',
      /"Spleen" has no voxel/,
    ],
    [
      'another grid',
      images,
      [{ ...liver, masks: new Map([[2, new Uint8Array(16)]]) }],
      'bad-input',
      /"Liver" on slice 3 has 16 voxels, the image has 15/,
    ],
    [
      'a slice beyond the series',
      images,
      [{ ...liver, masks: new Map([[4, L]]) }],
      'bad-input',
      /slice 5: the series has 4 slices/,
    ],
    [
      'probabilities',
      images,
      [{ ...liver, masks: new Map([[0, EMPTY.map(() => 255)]]) }],
      'bad-input',
      /not a mask of 0 and 1/,
    ],
    [
      'no geometry',
      [image(0, { PixelSpacing: undefined })],
      [liver],
      'bad-geometry',
      /Pixel Spacing/,
    ],
    [
      'no identifier',
      [image(0), image(2, { SOPInstanceUID: '' }), image(4), image(6)],
      [liver],
      'bad-geometry',
      /Image 2 has no SOPInstanceUID/,
    ],
  ])('refuses %s', (_, sources, segments, code, message) => {
    expect(() => createSegmentation(sources, segments)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(/./),
      }),
    );
  });
});

describe('encodePart10', () => {
  it('writes a file that says what it holds', () => {
    const dataset = createSegmentation(images, [liver]);
    const buffer = encodePart10(dataset);
    expect(buffer).toBeInstanceOf(ArrayBuffer);
    expect(Buffer.from(buffer).subarray(128, 132).toString()).toBe('DICM');
    const { meta, dict } = dcmjsData.DicomMessage.readFile(buffer);
    expect(meta['00020002'].Value).toEqual(['1.2.840.10008.5.1.4.1.1.66.4']);
    expect(meta['00020003'].Value).toEqual([dataset.SOPInstanceUID]);
    expect(meta['00020010'].Value).toEqual(['1.2.840.10008.1.2.1']);
    expect(dict['7FE00010'].vr).toBe('OB');
  });
});
