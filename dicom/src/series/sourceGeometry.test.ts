import { sourceGeometry } from './sourceGeometry';
import type { NaturalizedDataset } from '../data/naturalized';

/** An axial image of 3 x 2 pixels at a height in mm. */
const image = (z: number, change: NaturalizedDataset = {}): NaturalizedDataset => ({
  Rows: 2,
  Columns: 3,
  PixelSpacing: [0.5, 0.7],
  SliceThickness: 3,
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [-10, -20, z],
  ...change,
});

describe('sourceGeometry', () => {
  it('measures the spacing between slices instead of believing SliceThickness', () => {
    expect(sourceGeometry([image(0), image(2), image(4)])).toMatchObject({
      rows: 2,
      columns: 3,
      pixelSpacing: [0.5, 0.7],
      sliceThickness: 3,
      spacingBetweenSlices: 2,
      positions: [
        [-10, -20, 0],
        [-10, -20, 2],
        [-10, -20, 4],
      ],
    });
  });

  it('accepts text, as DICOM writes numbers', () => {
    const text = { Rows: '2', Columns: '3', PixelSpacing: ['0.5', '0.7'] };
    expect(sourceGeometry([image(0, text), image(2)]).pixelSpacing).toEqual([0.5, 0.7]);
  });

  it('takes the distance for the thickness where none is given', () => {
    const images = [image(0, { SliceThickness: undefined }), image(7)];
    expect(sourceGeometry(images).sliceThickness).toBe(7);
  });

  it('accepts positions rounded to a tenth of a millimeter', () => {
    const images = [0, 0.6, 1.3, 1.9, 2.5].map(z => image(z));
    expect(sourceGeometry(images).spacingBetweenSlices).toBe(0.625);
  });

  it('states no spacing between slices that lie unevenly', () => {
    expect(sourceGeometry([image(0), image(2), image(8)]).spacingBetweenSlices).toBeNull();
  });

  it('states neither for a single slice that does not say', () => {
    expect(sourceGeometry([image(0, { SliceThickness: undefined })])).toMatchObject({
      sliceThickness: null,
      spacingBetweenSlices: null,
    });
  });

  it.each<[string, NaturalizedDataset[], RegExp]>([
    ['no image', [], /no source image/],
    ['no size', [image(0, { Rows: undefined })], /Rows or Columns/],
    ['no orientation', [image(0, { ImageOrientationPatient: undefined })], /Orientation/],
    ['no position', [image(0), image(2, { ImagePositionPatient: [1, 2] })], /Image 2.*Position/],
    ['no spacing', [image(0, { PixelSpacing: undefined })], /Pixel Spacing/],
    ['a spacing of 0', [image(0, { PixelSpacing: [0, 0.7] })], /Pixel Spacing/],
    ['two spacings', [image(0), image(2, { PixelSpacing: [0.5, 0.8] })], /Image 2.*Pixel Spacing/],
    ['two sizes', [image(0), image(2, { Rows: 4 })], /Image 2 is 3 x 4, image 1 is 3 x 2/],
    [
      'a localizer among them',
      [image(0), image(2, { ImageOrientationPatient: [0, 1, 0, 0, 0, -1] })],
      /Image 2 is not parallel/,
    ],
  ])('refuses %s', (_, images, message) => {
    expect(() => sourceGeometry(images)).toThrow(
      expect.objectContaining({ code: 'bad-geometry', message: expect.stringMatching(message) }),
    );
  });
});
