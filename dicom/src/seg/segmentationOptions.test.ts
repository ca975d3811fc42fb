/** What else can be told to createSegmentation, as a reader sees it. */
import { createSegmentation } from './createSegmentation';
import { encodePart10, RLE_LOSSLESS } from '../data/encodePart10';
import type { NaturalizedDataset } from '../data/naturalized';
import { enhanced, image, mask, readBack, segment } from './testSeries';

const images = [0, 2, 4, 6].map(z => image(z));
const L = mask('#....', '#....', '###..');
const BAR = mask('.....', '..###', '.....');
const liver = segment('Liver', { 1: L, 3: BAR });
const spleen = segment('Spleen', { 1: BAR }, { algorithmType: 'MANUAL' });

/** dcmjs gives a sequence of one item as a bare item that can also be indexed. */
const items = (sequence: unknown): NaturalizedDataset[] =>
  Array.from(sequence as ArrayLike<NaturalizedDataset>);
const item = (sequence: unknown): NaturalizedDataset => items(sequence)[0];

describe('options of createSegmentation', () => {
  const codeOf = (sequence: unknown) => String(item(sequence).CodeValue);

  it('writes the coded terms of a segment where they belong', () => {
    const code = (value: string) => ({ value, scheme: 'SCT', meaning: `Meaning of ${value}` });
    const terms = {
      category: code('123037004'),
      type: code('64033007'),
      typeModifier: code('7771000'),
      anatomicRegion: code('818981001'),
      anatomicRegionModifier: code('24028007'),
    };
    const seg = readBack(createSegmentation(images, [{ ...liver, ...terms }, spleen]));
    const [first, second] = items(seg.SegmentSequence);
    expect(codeOf(first.SegmentedPropertyCategoryCodeSequence)).toBe('123037004');
    const type = item(first.SegmentedPropertyTypeCodeSequence);
    expect(type.CodeValue).toBe('64033007');
    expect(codeOf(type.SegmentedPropertyTypeModifierCodeSequence)).toBe('7771000');
    const region = item(first.AnatomicRegionSequence);
    expect(region.CodeValue).toBe('818981001');
    expect(codeOf(region.AnatomicRegionModifierSequence)).toBe('24028007');
    expect(codeOf(second.SegmentedPropertyTypeCodeSequence)).toBe('91723000');
    expect(second).not.toHaveProperty('AnatomicRegionSequence');
  });

  it('writes a code that is too long for a Code Value as a long one', () => {
    const type = { value: '1234567890.1234567890', scheme: '99TEST', meaning: 'Long' };
    const seg = readBack(createSegmentation(images, [{ ...liver, type }]));
    const written = item(item(seg.SegmentSequence).SegmentedPropertyTypeCodeSequence);
    expect(written.LongCodeValue).toBe(type.value);
    expect(written).not.toHaveProperty('CodeValue');
  });

  it('takes over what older sources write their own way, and what is too long', () => {
    const PatientName = `${'N'.repeat(70)}=${'名'.repeat(70)}`;
    const change = { StudyDate: '1993.08.22', PatientBirthDate: 'unknown', PatientName };
    const old = [0, 2, 4, 6].map(z => image(z, change));
    const seg = readBack(createSegmentation(old, [liver]));
    expect(seg.StudyDate).toBe('19930822');
    expect(String(seg.PatientBirthDate ?? '')).toBe('');
    expect(String(seg.PatientName)).toBe(`${'N'.repeat(64)}=${'名'.repeat(64)}`);
  });

  it('tracks a segment by the identifier it is given, or by a new one', () => {
    const tracking = { id: 'Lesion 1', uid: '2.25.77' };
    const seg = readBack(createSegmentation(images, [{ ...liver, tracking }, spleen]));
    const [first, second] = items(seg.SegmentSequence);
    expect(first).toMatchObject({ TrackingID: 'Lesion 1', TrackingUID: '2.25.77' });
    expect(second).toMatchObject({
      TrackingID: 'Spleen',
      TrackingUID: expect.stringMatching(/^2\.25\.\d+$/),
    });
  });

  it('says how the algorithm was run', () => {
    const algorithm = { name: 'Paper', version: '2', parameters: '5 slices, 60 iterations' };
    const automatic = segment('Liver', { 1: L }, { algorithmType: 'AUTOMATIC', algorithm });
    const [written] = items(readBack(createSegmentation(images, [automatic])).SegmentSequence);
    expect(written).toMatchObject({
      SegmentAlgorithmType: 'AUTOMATIC',
      SegmentAlgorithmName: 'Paper',
    });
    expect(item(written.SegmentationAlgorithmIdentificationSequence)).toMatchObject({
      AlgorithmName: 'Paper',
      AlgorithmVersion: '2',
      AlgorithmParameters: '5 slices, 60 iterations',
    });
  });

  it('identifies no algorithm of which the name alone is known', () => {
    const named = segment('Liver', { 1: L }, { algorithm: { name: 'Other' } });
    const [written] = items(readBack(createSegmentation(images, [named])).SegmentSequence);
    expect(written).toMatchObject({ SegmentAlgorithmName: 'Other' });
    expect(written).not.toHaveProperty('SegmentationAlgorithmIdentificationSequence');
  });

  it('keeps empty frames, and empty segments, only on request', () => {
    const seg = readBack(
      createSegmentation(images, [{ ...liver, masks: new Map() }, spleen], {
        keepEmptyFrames: true,
      }),
    );
    expect(Number(seg.NumberOfFrames)).toBe(8);
    expect([...new Uint8Array((seg.PixelData as ArrayBuffer[])[0])].filter(Boolean)).toHaveLength(
      1,
    );
  });

  it('writes a label map: a frame of segment numbers for each slice', () => {
    const masks = new Map([[1, mask('...##', '.....', '.....')]]);
    const options = { segmentationType: 'LABELMAP' } as const;
    const seg = readBack(createSegmentation(images, [liver, { ...spleen, masks }], options));
    expect(seg).toMatchObject({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.7',
      SegmentationType: 'LABELMAP',
      SegmentsOverlap: 'NO',
      BitsAllocated: 8,
      HighBit: 7,
      PixelPaddingValue: 0,
      NumberOfFrames: 2,
    });
    expect([...new Uint8Array((seg.PixelData as ArrayBuffer[])[0]).subarray(0, 15)]).toEqual([
      ...[1, 0, 0, 2, 2],
      ...[1, 0, 0, 0, 0],
      ...[1, 1, 1, 0, 0],
    ]);
    const frames = items(seg.PerFrameFunctionalGroupsSequence);
    expect(frames.map(frame => item(frame.FrameContentSequence).DimensionIndexValues)).toEqual([
      1, 2,
    ]);
    expect(frames[0]).not.toHaveProperty('SegmentIdentificationSequence');
  });

  it('refuses a label map of segments that overlap, and RLE of single bits', () => {
    const over = { ...spleen, masks: new Map([[1, L]]) };
    expect(() =>
      createSegmentation(images, [liver, over], { segmentationType: 'LABELMAP' }),
    ).toThrow('"Liver" and "Spleen" overlap on slice 2');
    expect(() =>
      encodePart10(createSegmentation(images, [liver]), { transferSyntaxUid: RLE_LOSSLESS }),
    ).toThrow('RLE Lossless is not defined for 1 bit per voxel (BINARY)');
  });

  it('refers to the frames of an enhanced image by their numbers', () => {
    const seg = readBack(createSegmentation([enhanced([0, 2, 4, 6])], [liver]));
    const sources = items(seg.PerFrameFunctionalGroupsSequence).map(frame =>
      item(item(frame.DerivationImageSequence).SourceImageSequence),
    );
    expect(sources.map(source => source.ReferencedFrameNumber)).toEqual([2, 4]);
    const [series] = items(seg.ReferencedSeriesSequence);
    expect(items(series.ReferencedInstanceSequence)).toHaveLength(1);
    expect(() => createSegmentation([enhanced([0, 2], { NumberOfFrames: 3 })], [liver])).toThrow(
      'A source image has 3 frames but positions for 2.',
    );
  });

  it('gives each frame its own orientation where these differ', () => {
    const tilted = [0, 2, 4, 6].map(z =>
      image(z, { ImageOrientationPatient: [1, 0, 0, 0, 1, z / 1000] }),
    );
    const seg = readBack(createSegmentation(tilted, [liver]));
    const frames = items(seg.PerFrameFunctionalGroupsSequence);
    expect(
      frames.map(frame => item(frame.PlaneOrientationSequence).ImageOrientationPatient),
    ).toEqual([
      [1, 0, 0, 0, 1, 0.002],
      [1, 0, 0, 0, 1, 0.006],
    ]);
    expect(item(seg.SharedFunctionalGroupsSequence)).not.toHaveProperty('PlaneOrientationSequence');
  });

  it.each([
    ['in the same study', '1.2.300'],
    ['in another study', '1.2.301'],
  ])('refers to its predecessor %s', (_, StudyInstanceUID) => {
    const predecessor = {
      StudyInstanceUID,
      SeriesInstanceUID: '1.2.31',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
      SOPInstanceUID: '1.2.31.1',
    };
    const seg = readBack(createSegmentation(images, [liver], { predecessor }));
    expect(item(seg.ReferencedImageSequence)).toMatchObject({
      ReferencedSOPInstanceUID: '1.2.31.1',
    });
    const seriesOf = (sequence: unknown) =>
      items(sequence).map(({ SeriesInstanceUID }) => SeriesInstanceUID);
    // Viewers take any series beside the source's for the source.
    expect(seriesOf(seg.ReferencedSeriesSequence)).toEqual(['1.2.30']);
    const study = item(seg.StudiesContainingOtherReferencedInstancesSequence);
    expect(study.StudyInstanceUID).toBe(StudyInstanceUID);
    expect(seriesOf(study.ReferencedSeriesSequence)).toEqual(['1.2.31']);
    // Viewers take Source Image Sequence for the images of the frames.
    expect(seg).not.toHaveProperty('SourceImageSequence');
  });

  it('takes over names and numbers', () => {
    const seg = readBack(
      createSegmentation(images, [liver], {
        contentCreatorName: 'Doe^Jane',
        seriesNumber: 7,
        instanceNumber: 3,
        seriesDescription: 'Liver',
      }),
    );
    expect(seg).toMatchObject({ SeriesNumber: 7, InstanceNumber: 3, SeriesDescription: 'Liver' });
    expect(String(seg.ContentCreatorName)).toBe('Doe^Jane');
  });
});
