import { checkNifti } from './niftiHeader';

/** A NIfTI-1 file of 16-bit voxels with the given `dim`. */
function nifti(dim: number[], { little = true, bytes = 0 } = {}): Uint8Array {
  const voxels = dim.slice(1, 1 + dim[0]).reduce((product, count) => product * count, 1);
  const file = new Uint8Array(bytes || 352 + voxels * 2);
  const view = new DataView(file.buffer);
  view.setInt32(0, 348, little);
  dim.forEach((count, i) => view.setInt16(40 + 2 * i, count, little));
  view.setInt16(72, 16, little);
  view.setFloat32(108, 352, little);
  file.set(new TextEncoder().encode('n+1\0'), 344);
  return file;
}

function nifti2(dim: number[]): Uint8Array {
  const file = new Uint8Array(544 + dim[1] * dim[2] * dim[3]);
  const view = new DataView(file.buffer);
  view.setInt32(0, 540, true);
  file.set(new TextEncoder().encode('n+2\0'), 4);
  view.setInt16(14, 8, true);
  dim.forEach((count, i) => view.setBigInt64(16 + 8 * i, BigInt(count), true));
  view.setBigInt64(168, 544n, true);
  return file;
}

const check = (file: Uint8Array) => checkNifti(file, '--image a.nii');

describe('checkNifti', () => {
  it('reads the size, in either byte order and version', () => {
    expect(check(nifti([3, 4, 5, 6, 1, 1, 1, 1])).size).toEqual([4, 5, 6]);
    expect(check(nifti([3, 4, 5, 6, 1, 1, 1, 1], { little: false })).size).toEqual([4, 5, 6]);
    expect(check(nifti2([3, 4, 5, 6, 1, 1, 1, 1])).size).toEqual([4, 5, 6]);
    expect(check(nifti([4, 4, 5, 6, 1, 1, 1, 1])).size).toEqual([4, 5, 6, 1]);
  });

  it.each<[string, Uint8Array, string, string]>([
    ['text', new TextEncoder().encode('hello'.repeat(100)), 'bad-input', 'not a NIfTI file'],
    ['nothing', new Uint8Array(0), 'bad-input', 'not a NIfTI file'],
    [
      'a time series',
      nifti([4, 4, 5, 6, 20, 1, 1, 1]),
      'bad-geometry',
      '4 dimensions (4 x 5 x 6 x 20)',
    ],
    ['one slice', nifti([3, 4, 5, 1, 1, 1, 1, 1]), 'bad-geometry', 'single slice'],
    ['a 2D image', nifti([2, 4, 5, 1, 1, 1, 1, 1]), 'bad-geometry', 'single slice'],
    [
      'a truncated file',
      nifti([3, 4, 5, 6, 1, 1, 1, 1], { bytes: 500 }),
      'bad-input',
      'truncated: 500 bytes of 592',
    ],
    ['broken dimensions', nifti([3, 4, -5, 6, 1, 1, 1, 1], { bytes: 400 }), 'bad-input', 'invalid'],
  ])('refuses %s', (_what, file, code, message) => {
    expect(() => check(file)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });
});
