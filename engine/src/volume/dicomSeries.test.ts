import { sortSeries, type DicomImage } from './dicomSeries';

/** An axial CT image at a height in mm; the numbers of a series begin at the feet. */
const image = (z: number, change: Partial<DicomImage> = {}): DicomImage => ({
  file: `at ${z}`,
  series: '1.2.3',
  modality: 'CT',
  rows: 512,
  columns: 512,
  frames: 1,
  position: [-250, -250, z],
  orientation: [1, 0, 0, 0, 1, 0],
  ...change,
});

describe('sortSeries', () => {
  it('sorts by position, whatever the order of the files', () => {
    const sorted = sortSeries([image(-2), image(-6), image(0), image(-4)]);
    expect(sorted.map(({ file }) => file)).toEqual(['at -6', 'at -4', 'at -2', 'at 0']);
  });

  it('sorts a coronal series from front to back', () => {
    const coronal = (y: number) =>
      image(0, { file: `at ${y}`, position: [-250, y, 300], orientation: [1, 0, 0, 0, 0, -1] });
    expect(sortSeries([coronal(10), coronal(5)]).map(({ file }) => file)).toEqual([
      'at 5',
      'at 10',
    ]);
  });

  it('sorts frames of one file as it sorts files', () => {
    const frames = [4, 2, 0].map((z, i) => image(z, { file: 'enhanced', frames: 3, frame: i + 1 }));
    expect(sortSeries(frames).map(({ frame }) => frame)).toEqual([3, 2, 1]);
  });

  it('accepts the rounding of positions to a tenth of a millimetre', () => {
    expect(sortSeries([0, 0.6, 1.3, 1.9, 2.5].map(z => image(z)))).toHaveLength(5);
  });

  it.each<[string, DicomImage[], string, string]>([
    ['no image', [], 'bad-input', 'no DICOM image'],
    [
      'two series',
      [image(0), image(2), image(4, { series: '4.5.6', modality: 'MR', rows: 64, columns: 48 })],
      'bad-input',
      '2 series (2 CT images of 512 x 512; 1 MR images of 48 x 64)',
    ],
    [
      'a multi-frame image without places',
      [image(0, { frames: 40 })],
      'bad-input',
      '40 frames that does not say where',
    ],
    ['a single slice', [image(0)], 'bad-geometry', 'single slice'],
    ['no position', [image(0), image(2, { position: [] })], 'bad-geometry', 'no position'],
    ['two sizes', [image(0), image(2, { rows: 256 })], 'bad-geometry', 'differ in size'],
    [
      'a localizer among them',
      [image(0), image(2), image(4, { orientation: [0, 1, 0, 0, 0, -1] })],
      'bad-geometry',
      'differ in orientation',
    ],
    [
      'a missing slice',
      [image(0), image(2), image(6), image(8)],
      'bad-geometry',
      '4.00 mm between slices 1 and 2, elsewhere 2.00 mm',
    ],
    [
      'two phases',
      [image(0), image(2), image(2), image(4)],
      'bad-geometry',
      'same position (slices 1 and 2)',
    ],
    [
      'a tilted gantry',
      [0, 1, 2].map(i => image(5 * i, { position: [0, 2 * i, 5 * i] })),
      'bad-geometry',
      'tilted',
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
