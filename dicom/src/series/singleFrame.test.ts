import { encodePart10 } from '../data/encodePart10';
import { image } from '../seg/testSeries';
import { readSingleFrame } from './singleFrame';

/** A 3 x 2 image without a place. */
const single = (pixels: number[], change: object = {}) =>
  new Uint8Array(
    encodePart10({
      ...image(0),
      ...{ ImagePositionPatient: undefined, ImageOrientationPatient: undefined },
      ...{ Rows: 2, Columns: 3, PixelSpacing: undefined, PhotometricInterpretation: 'MONOCHROME2' },
      ...{
        SamplesPerPixel: 1,
        BitsAllocated: 8,
        BitsStored: 8,
        HighBit: 7,
        PixelRepresentation: 0,
      },
      PixelData: [Uint8Array.from(pixels).buffer],
      _vrMap: { PixelData: 'OB' },
      ...change,
    }),
  );

const GRAY = [0, 10, 20, 30, 40, 255];

describe('readSingleFrame', () => {
  it('reads gray values in modality units, and the width of a pixel where it is known', async () => {
    const change = { RescaleSlope: 2, RescaleIntercept: -5, ImagerPixelSpacing: [0.1, 0.2] };
    const read = await readSingleFrame(single(GRAY, change));
    expect(read).toMatchObject({ rows: 2, columns: 3, spacing: [0.1, 0.2] });
    expect(read.pixels).toEqual({
      kind: 'gray',
      values: Float32Array.from(GRAY, value => 2 * value - 5),
    });
    expect((await readSingleFrame(single(GRAY))).spacing).toBeNull();
  });

  it('turns MONOCHROME1 around, as it is shown', async () => {
    const { pixels } = await readSingleFrame(
      single(GRAY, { PhotometricInterpretation: 'MONOCHROME1' }),
    );
    expect([...(pixels as { values: Float32Array }).values].map(Math.abs)).toEqual(GRAY);
    expect((pixels as { values: Float32Array }).values[5]).toBe(-255);
  });

  it('reads colors pixel by pixel or plane by plane', async () => {
    const rgb = Array.from({ length: 18 }, (_, i) => i * 10);
    const planes = [0, 1, 2].flatMap(channel => rgb.filter((_, i) => i % 3 === channel));
    const color = { SamplesPerPixel: 3, PhotometricInterpretation: 'RGB', PlanarConfiguration: 0 };
    for (const [pixels, more] of [
      [rgb, {}],
      [planes, { PlanarConfiguration: 1 }],
    ] as const) {
      const read = await readSingleFrame(single([...pixels], { ...color, ...more }));
      expect(read.pixels).toEqual({ kind: 'rgb', values: Uint8Array.from(rgb) });
    }
    const ybr = { ...color, PhotometricInterpretation: 'YBR_FULL' };
    const gray = Array.from({ length: 18 }, (_, i) => (i % 3 === 0 ? 90 : 128));
    const read = await readSingleFrame(single(gray, ybr));
    expect(read.pixels).toEqual({ kind: 'rgb', values: new Uint8Array(18).fill(90) });
  });

  it.each([
    [{ NumberOfFrames: 2 }, 'it has 2 frames'],
    [{ PixelData: undefined }, 'it has no Pixel Data'],
    [
      { SamplesPerPixel: 3, PhotometricInterpretation: 'PALETTE COLOR' },
      'Photometric Interpretation PALETTE COLOR',
    ],
  ])('refuses %j', (change, message) =>
    expect(readSingleFrame(single(GRAY, change))).rejects.toThrow(message),
  );
});
