import { deflateRawSync } from 'node:zlib';
import { createSegmentation, type SegmentationOptions } from './createSegmentation';
import { encodePart10 } from '../data/encodePart10';
import { itemsOf, type NaturalizedDataset } from '../data/naturalized';
import { readSegmentation } from './readSegmentation';
import { images, liver, roundTrip, without } from './testRoundTrip';
import { drawn, enhanced, image, mask, segment } from './testSeries';

const L = mask('#....', '#....', '###..');
const spleen = segment(
  'Spleen',
  { 1: mask('...##', '.....', '.....') },
  { algorithmType: 'MANUAL' },
);

describe('readSegmentation', () => {
  it.each<[string, SegmentationOptions, boolean]>([
    ['BINARY', {}, false],
    ['BINARY with empty frames', { keepEmptyFrames: true }, false],
    ['LABELMAP', { segmentationType: 'LABELMAP' }, false],
    ['LABELMAP in RLE Lossless', { segmentationType: 'LABELMAP' }, true],
    ['LABELMAP with empty frames', { segmentationType: 'LABELMAP', keepEmptyFrames: true }, true],
  ])('reads %s as it was written', async (_, options, rle) => {
    const read = await roundTrip([liver, spleen], options, { rle });
    expect(read.segments.map(({ masks }) => drawn(masks))).toEqual([
      { 1: ['#....', '#....', '###..'], 3: ['.....', '..###', '.....'] },
      { 1: ['...##', '.....', '.....'] },
    ]);
    expect(read.segmentationType).toBe(options.segmentationType ?? 'BINARY');
  });

  it('tells what each segment is', async () => {
    const code = (value: string, meaning: string) => ({ value, scheme: 'SCT', meaning });
    const terms = {
      category: code('123037004', 'Anatomical Structure'),
      type: code('64033007', 'Kidney'),
      typeModifier: code('7771000', 'Left'),
      anatomicRegion: code('818981001', 'Abdomen'),
      anatomicRegionModifier: code('7771000', 'Left'),
      tracking: { id: 'Kidney left', uid: '2.25.7' },
    };
    const read = await roundTrip([{ ...liver, ...terms }, spleen], { seriesDescription: 'Kidney' });
    expect(read.segments[0]).toMatchObject({
      number: 1,
      label: 'Größe',
      color: [221, 84, 84],
      algorithmType: 'SEMIAUTOMATIC',
      algorithm: { name: 'Few-shot SAM', version: 'development' },
      ...terms,
    });
    expect(read.segments[1].algorithmType).toBe('MANUAL');
    expect(read.segments[1].algorithm).toBeUndefined();
    expect(read.seriesDescription).toBe('Kidney');
    expect(read.reference).toMatchObject({ StudyInstanceUID: '1.2.300' });
  });

  it('keeps segments that overlap apart', async () => {
    const read = await roundTrip([liver, segment('Over', { 1: L })]);
    expect(read.segments.map(({ masks }) => masks.get(1))).toEqual([L, L]);
  });

  it('has 16 bits for more than 255 segments', async () => {
    const one = (i: number) =>
      segment(`${i}`, { [i % 4]: Uint8Array.from({ length: 15 }, (_, p) => Number(p === i % 15)) });
    const many = Array.from({ length: 300 }, (_, i) => (i < 60 ? one(i) : segment(`${i}`, {})));
    const options: SegmentationOptions = { segmentationType: 'LABELMAP', keepEmptyFrames: true };
    for (const rle of [false, true]) {
      const read = await roundTrip(many, options, { rle });
      expect(read.segments).toHaveLength(300);
      expect(read.segments.map(({ masks }) => [...masks])).toEqual(
        many.map(({ masks }) => [...masks]),
      );
    }
  });

  it('finds frames by their place where they refer to nothing', async () => {
    const read = await roundTrip([liver], {}, { change: without('DerivationImageSequence') });
    expect(read.segments[0].masks).toEqual(liver.masks);
  });

  it('finds frames by their reference where they do not say where they lie', async () => {
    const read = await roundTrip([liver], {}, { change: without('PlanePositionSequence') });
    expect(read.segments[0].masks).toEqual(liver.masks);
  });

  it('takes the segment that all frames share', async () => {
    const read = await roundTrip(
      [liver],
      {},
      {
        change: dataset => {
          const [shared] = itemsOf(dataset, 'SharedFunctionalGroupsSequence');
          const SegmentIdentificationSequence = [{ ReferencedSegmentNumber: 1 }];
          return {
            ...without('SegmentIdentificationSequence')(dataset),
            SharedFunctionalGroupsSequence: [{ ...shared, SegmentIdentificationSequence }],
          };
        },
      },
    );
    expect(read.segments[0].masks).toEqual(liver.masks);
  });

  describe('on a series that is only partly there', () => {
    const words = (missing: number, of: number, leftOut: number, frames: number) =>
      `${missing} of ${of} images that the segmentation lies on are missing from the series; ${leftOut} of its ${frames} frames were excluded.`;

    it.each<[string, ((dataset: NaturalizedDataset) => NaturalizedDataset) | undefined]>([
      ['which have both reference and place', undefined],
      ['which have a place', without('DerivationImageSequence')],
      ['which have a reference', without('PlanePositionSequence')],
    ])('reads the frames that are there, %s, and says what is missing', async (_, change) => {
      const readOnto = images.slice(0, 3);
      const read = await roundTrip([liver, spleen], {}, { change, readOnto });
      expect(read.segments.map(({ masks }) => drawn(masks))).toEqual([
        { 1: ['#....', '#....', '###..'] },
        { 1: ['...##', '.....', '.....'] },
      ]);
      expect(read.remarks).toEqual([words(1, 2, 1, 3)]);
    });

    it('says nothing where nothing is missing', async () => {
      expect((await roundTrip([liver, spleen])).remarks).toEqual([]);
    });

    it('refuses where nothing is left', async () => {
      await expect(roundTrip([liver], {}, { readOnto: [images[0], images[2]] })).rejects.toThrow(
        '2 of 2 images that the segmentation lies on are missing from the series, and no frame lies on a present image.',
      );
    });

    it('refuses frames that the series never had', async () => {
      const sources = [...images, image(8)];
      const change = (dataset: NaturalizedDataset) => ({
        ...dataset,
        ReferencedSeriesSequence: undefined,
      });
      const over = segment('Beyond', { 1: L, 4: L });
      await expect(roundTrip([over], {}, { sources, readOnto: images, change })).rejects.toThrow(
        /frame 2: it lies 2.00 mm beside the nearest image/,
      );
    });
  });

  it('finds them on another series at the same place', async () => {
    const other = images.map((source, i) => ({ ...source, SOPInstanceUID: `9.9.${i}` }));
    const read = await roundTrip([liver], {}, { readOnto: other });
    expect(read.segments[0].masks).toEqual(liver.masks);
  });

  it('does not mind in which order the slices come', async () => {
    const read = await roundTrip([liver], {}, { readOnto: [...images].reverse() });
    expect(drawn(read.segments[0].masks)).toEqual({
      0: ['.....', '..###', '.....'],
      2: ['#....', '#....', '###..'],
    });
  });

  it('turns frames whose rows and columns run the other way', async () => {
    // Written on images that are turned by 180 degrees, read on those that are not.
    const turned = images.map(source => ({
      ...source,
      ImageOrientationPatient: [-1, 0, 0, 0, -1, 0],
      ImagePositionPatient: [
        -10 + 4 * 0.7,
        -20 + 2 * 0.5,
        Number(String(source.SOPInstanceUID).at(-1)),
      ],
    }));
    const read = await roundTrip(
      [segment('', { 1: L })],
      {},
      { sources: turned, readOnto: images },
    );
    expect(drawn(read.segments[0].masks)).toEqual({ 1: ['..###', '....#', '....#'] });
  });

  it('exchanges rows and columns', async () => {
    const turned = images.map(source => ({
      ...source,
      Rows: 5,
      Columns: 3,
      PixelSpacing: [0.7, 0.5],
      ImageOrientationPatient: [0, 1, 0, 1, 0, 0],
    }));
    const upright = mask('###', '..#', '..#', '...', '...');
    const read = await roundTrip(
      [segment('', { 0: upright })],
      {},
      { sources: turned, readOnto: images },
    );
    expect(drawn(read.segments[0].masks)).toEqual({ 0: ['#....', '#....', '###..'] });
  });

  it('reads frames of an enhanced multi-frame image', async () => {
    const sources = [enhanced([0, 2, 4, 6])];
    const read = await roundTrip([liver, spleen], {}, { sources });
    expect(read.segments.map(({ masks }) => masks)).toEqual([liver.masks, spleen.masks]);
  });

  it.each([
    ['to the whole image', undefined],
    ['to several of its frames', [1, 2]],
  ])('reads frames that refer %s and say where they lie', async (_, ReferencedFrameNumber) => {
    const change = (dataset: NaturalizedDataset) => ({
      ...dataset,
      PerFrameFunctionalGroupsSequence: itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').map(
        groups => {
          const [derivation] = itemsOf(groups, 'DerivationImageSequence');
          const [source] = itemsOf(derivation, 'SourceImageSequence');
          const SourceImageSequence = [{ ...source, ReferencedFrameNumber }];
          return { ...groups, DerivationImageSequence: [{ ...derivation, SourceImageSequence }] };
        },
      ),
    });
    const sources = [enhanced([0, 2, 4, 6])];
    const read = await roundTrip([liver, spleen], {}, { sources, change });
    expect(read.segments.map(({ masks }) => masks)).toEqual([liver.masks, spleen.masks]);
  });

  it('takes half of the maximum of FRACTIONAL for inside', async () => {
    const fractions = Uint8Array.from({ length: 15 }, (_, i) => i * 10);
    const change = (dataset: NaturalizedDataset) => ({
      ...dataset,
      SegmentationType: 'FRACTIONAL',
      SegmentationFractionalType: 'PROBABILITY',
      MaximumFractionalValue: 140,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelData: Uint8Array.of(...fractions, ...fractions, 0).buffer,
    });
    const read = await roundTrip([liver], {}, { change });
    expect(drawn(read.segments[0].masks)[3]).toEqual(['.....', '..###', '#####']);
  });

  it('leaves out the background that a label map may describe', async () => {
    const change = (dataset: NaturalizedDataset) => ({
      ...dataset,
      SegmentSequence: [
        { ...itemsOf(dataset, 'SegmentSequence')[0], SegmentNumber: 0, SegmentLabel: 'Background' },
        ...itemsOf(dataset, 'SegmentSequence'),
      ],
    });
    const read = await roundTrip([liver], { segmentationType: 'LABELMAP' }, { change });
    expect(read.segments.map(({ label }) => label)).toEqual(['Größe']);
  });

  it('reads a deflated data set', async () => {
    const file = Buffer.from(encodePart10(createSegmentation(images, [liver])));
    const name = '1.2.840.10008.1.2.1\0';
    const uid = file.indexOf(name);
    // The group length counts what follows it, from byte 144 on.
    const end = 144 + file.readUInt32LE(140);
    const meta = Buffer.concat([
      file.subarray(0, uid - 2),
      Buffer.from([22, 0]),
      Buffer.from('1.2.840.10008.1.2.1.99'),
      file.subarray(uid + name.length, end),
    ]);
    meta.writeUInt32LE(meta.length - 144, 140);
    const packed = deflateRawSync(file.subarray(end));
    const padding = Buffer.alloc(packed.length % 2);
    const read = await readSegmentation(Buffer.concat([meta, packed, padding]), images);
    expect(read.segments[0].masks).toEqual(liver.masks);
  });
});
