import { checkLabelsPlace } from './checkLabelsPlace';
import { niftiGeometry, type FileVolume } from '../nifti/niftiGeometry';
import type { NiftiForm } from '../nifti/niftiFields';
import { AFFINE } from '../nifti/testNifti';

const SIZE: [number, number, number] = [20, 20, 5];

function volume(given: Partial<NiftiForm> = {}, size = SIZE): FileVolume {
  const form: NiftiForm = {
    version: 1,
    qformCode: 0,
    sformCode: 1,
    quatern: [0, 0, 0],
    qoffset: [-10, -20, 30],
    srow: AFFINE,
    pixdim: [1, 2, 3, 4, 1, 1, 1, 1],
    units: 2,
    ...given,
  };
  const { geometry, placement, candidates } = niftiGeometry(form, size, '--image');
  return { data: new Float32Array(0), ...geometry, nifti: { form, placement, candidates } };
}
const MOVED = AFFINE.map((value, i) => (i === 3 ? value + 30 : value));
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
const dicom = (): FileVolume => ({ ...volume(), nifti: undefined });
const check = (labels: FileVolume, image: FileVolume) =>
  checkLabelsPlace(labels, image, '--labels');

describe('checkLabelsPlace', () => {
  it.each<[string, FileVolume, FileVolume]>([
    ['one grid', volume(), volume()],
    ['one grid, once as sform and once as qform', volume({ sformCode: 0, qformCode: 1 }), volume()],
    ['neither placed', volume({ sformCode: 0 }), volume({ sformCode: 0 })],
    ['the image from DICOM', volume(), dicom()],
    ['another place that nothing contradicts', volume({ srow: MOVED }), volume()],
    ['another resolution', volume({ srow: IDENTITY }, [40, 60, 20]), volume()],
    [
      'sforms that agree beside a qform that does not',
      volume(),
      volume({ qformCode: 1, qoffset: [50, 0, 0] }),
    ],
  ])('accepts %s', (_what, labels, image) => {
    expect(() => check(labels, image)).not.toThrow();
  });

  it.each<[string, FileVolume, FileVolume, string]>([
    ['labels without a place', volume({ sformCode: 0 }), volume(), '--labels has no orientation'],
    [
      'the same, image from DICOM',
      volume({ sformCode: 0 }),
      dicom(),
      '--labels has no orientation',
    ],
    [
      'an image without a place',
      volume(),
      volume({ sformCode: 0 }),
      'The image has no orientation',
    ],
    ['labels with the identity', volume({ srow: IDENTITY }), volume(), 'identity matrix'],
    ['an image with the identity', volume(), volume({ srow: IDENTITY }), 'The image has the ident'],
    [
      'labels that have only the qform of an image whose sform was moved',
      volume({ sformCode: 0, qformCode: 1 }),
      volume({ srow: MOVED, qformCode: 1 }),
      'lie 30.0 mm apart',
    ],
    [
      'labels whose sform was moved, but not the image’s',
      volume({ srow: MOVED, qformCode: 1, sformCode: 2 }),
      volume({ qformCode: 1 }),
      'another pair of their sforms and qforms',
    ],
  ])('refuses %s', (_what, labels, image, message) => {
    expect(() => check(labels, image)).toThrow(
      expect.objectContaining({
        code: 'bad-geometry',
        message: expect.stringContaining(message),
        remedy: expect.any(String),
      }),
    );
  });
});
