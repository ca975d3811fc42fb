import { nameOf, sortSeries, type DicomImage } from './dicomSeries';

/** An axial CT image at a height in mm; the numbers of a series begin at the feet. */
const image = (z: number, change: Partial<DicomImage> = {}): DicomImage => ({
  file: `/series/at ${z}`,
  series: '1.2.3',
  study: '1.2',
  patient: 'P',
  instance: `1.2.3.${z}`,
  rescale: { slope: 1, intercept: -1024 },
  modality: 'CT',
  rows: 512,
  columns: 512,
  frames: 1,
  position: [-250, -250, z],
  orientation: [1, 0, 0, 0, 1, 0],
  pixelSpacing: [1, 1],
  ...change,
});

describe('sortSeries', () => {
  it('sorts by position, whatever the order of the files', () => {
    const sorted = sortSeries([image(-2), image(-6), image(0), image(-4)]);
    expect(sorted.images.map(nameOf)).toEqual(['at -6', 'at -4', 'at -2', 'at 0']);
  });

  it('sorts a coronal series from front to back', () => {
    const coronal = (y: number) =>
      image(y, { position: [-250, y, 300], orientation: [1, 0, 0, 0, 0, -1] });
    expect(sortSeries([coronal(10), coronal(5)]).images.map(nameOf)).toEqual(['at 5', 'at 10']);
  });

  it('sorts frames of one file as it sorts files', () => {
    const frames = [4, 2, 0].map((z, i) => image(z, { file: 'enhanced', frames: 3, frame: i + 1 }));
    expect(sortSeries(frames).images.map(({ frame }) => frame)).toEqual([3, 2, 1]);
  });

  it.each<[string, DicomImage[], object]>([
    ['positions rounded to a tenth', [0, 0.6, 1.3, 1.9, 2.5].map(z => image(z)), { isEven: true }],
    [
      'a missing slice',
      [0, 2, 6, 8].map(z => image(z)),
      { isEven: false, missing: [{ after: 1, gap: 4, count: 1 }] },
    ],
    [
      'a tilted gantry',
      [0, 1, 2].map(i => image(5 * i, { position: [0, 2 * i, 5 * i] })),
      { isEven: true, tilt: { degrees: expect.closeTo(21.8, 1) } },
    ],
  ])('sorts %s', (_what, images, geometry) => {
    expect(sortSeries(images).geometry).toMatchObject(geometry);
  });

  it.each<[string, DicomImage[], string, string]>([
    ['no image', [], 'bad-input', 'no DICOM image'],
    [
      'two series',
      [image(0), image(2), image(4, { series: '4.5.6', modality: 'MR', rows: 64, columns: 48 })],
      'bad-input',
      '2 series (2 CT images of 512 x 512; 1 MR images of 48 x 64: at 4)',
    ],
    [
      'a multi-frame image without places',
      [image(0, { frames: 40 })],
      'bad-input',
      '40 frames without their positions',
    ],
    ['a single slice', [image(0)], 'bad-geometry', 'single slice'],
    [
      'no position',
      [image(0), image(2, { position: [] })],
      'bad-geometry',
      'at 2 has no usable Image Position',
    ],
    ['two sizes', [image(0), image(2, { rows: 256 })], 'bad-geometry', 'differ in size'],
    [
      'a localizer among them',
      [image(0), image(2), image(4, { orientation: [0, 1, 0, 0, 0, -1] })],
      'bad-geometry',
      'differ in orientation',
    ],
    [
      'two phases',
      [image(0), image(2), { ...image(2), file: '/series/again', instance: '2' }, image(4)],
      'bad-geometry',
      'at one position: at 2 and again',
    ],
    [
      'the same file twice',
      [image(0), image(2), { ...image(2), file: '/series/copy' }],
      'bad-input',
      'at 2 and copy are the same image',
    ],
    [
      'an image of another patient',
      [image(0), image(2, { patient: 'Q' }), image(4)],
      'bad-input',
      'at 2 belongs to a different patient than at 0',
    ],
    [
      'an image of another series',
      [image(0), image(2), image(4, { series: '9' })],
      'bad-input',
      '1 CT images of 512 x 512: at 4',
    ],
    ['no pixel spacing', [image(0), image(2, { pixelSpacing: [] })], 'bad-geometry', 'at 2 has no'],
    [
      'two pixel spacings',
      [image(0), image(2), image(4, { pixelSpacing: [2, 2] })],
      'bad-geometry',
      'at 4 has 2 x 2 mm, at 0 has 1 x 1 mm',
    ],
  ])('refuses %s', (_what, images, code, message) => {
    expect(() => sortSeries(images)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it('never shows a UID', () => {
    expect(() => sortSeries([image(0), image(2, { series: '9.8.7' })])).toThrow(/^(?!.*9\.8\.7)/);
  });
});
