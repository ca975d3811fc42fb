/** Fields of a test NIfTI file, written byte by byte; the defaults make a valid file. */
export interface TestNifti {
  version?: 1 | 2;
  little?: boolean;
  magic?: string;
  dim?: number[];
  datatype?: number;
  bitpix?: number;
  pixdim?: number[];
  voxOffset?: number;
  slope?: number;
  inter?: number;
  units?: number;
  qformCode?: number;
  sformCode?: number;
  quatern?: number[];
  qoffset?: number[];
  srow?: number[];
  /** Stored values, in the order of the file. */
  values?: readonly (number | bigint)[];
  /** Written between header and voxels. */
  gap?: number;
  /** Bytes of the whole file, cut or filled with zeros. */
  length?: number;
}

type Put = (view: DataView, offset: number, value: number | bigint, little: boolean) => void;
const number =
  (method: 'setUint8' | 'setInt8' | 'setInt16' | 'setUint16' | 'setInt32' | 'setUint32') =>
  (view: DataView, offset: number, value: number | bigint, little: boolean) =>
    view[method](offset, Number(value), little);
const TYPES: Record<number, [bytes: number, put: Put]> = {
  2: [1, number('setUint8')],
  256: [1, number('setInt8')],
  4: [2, number('setInt16')],
  512: [2, number('setUint16')],
  8: [4, number('setInt32')],
  768: [4, number('setUint32')],
  16: [4, (view, offset, value, little) => view.setFloat32(offset, Number(value), little)],
  64: [8, (view, offset, value, little) => view.setFloat64(offset, Number(value), little)],
  1024: [8, (view, offset, value, little) => view.setBigInt64(offset, BigInt(value), little)],
  1280: [8, (view, offset, value, little) => view.setBigUint64(offset, BigInt(value), little)],
};

/** 3 x 4, row-major: voxels of 2 x 3 x 4 mm from (-10, -20, 30). */
export const AFFINE = [2, 0, 0, -10, 0, 3, 0, -20, 0, 0, 4, 30];

/** Makes a NIfTI file of 2 x 2 x 3 voxels with the values 0, 1 ... 11, with only a sform. */
export function testNifti(given: TestNifti = {}): Buffer {
  const {
    version = 1,
    little = true,
    dim = [3, 2, 2, 3, 1, 1, 1, 1],
    datatype = 4,
    pixdim = [1, 2, 3, 4, 1, 1, 1, 1],
    slope = 1,
    inter = 0,
    units = 2,
    qformCode = 0,
    sformCode = 1,
    quatern = [0, 0, 0],
    qoffset = [0, 0, 0],
    srow = AFFINE,
    gap = version === 1 ? 4 : 4,
  } = given;
  const [bytes, put] = TYPES[datatype] ?? [1, number('setUint8')];
  const { bitpix = bytes * 8 } = given;
  const count = dim.slice(1, 4).reduce((product, size) => product * Math.max(size, 1), 1);
  const values = given.values ?? Array.from({ length: Math.min(count, 1000) }, (_, i) => i);
  const start = (version === 1 ? 348 : 540) + gap;
  const { voxOffset = start } = given;
  const file = Buffer.alloc(start + values.length * bytes);
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const short = (offset: number, value: number) => view.setInt16(offset, value, little);
  if (version === 1) {
    const floats = (offset: number, list: number[]) =>
      list.forEach((value, i) => view.setFloat32(offset + 4 * i, value, little));
    view.setInt32(0, 348, little);
    dim.forEach((size, i) => short(40 + 2 * i, size));
    short(70, datatype);
    short(72, bitpix);
    floats(76, pixdim);
    floats(108, [voxOffset, slope, inter]);
    file[123] = units;
    short(252, qformCode);
    short(254, sformCode);
    floats(256, [...quatern, ...qoffset, ...srow]);
    file.write(given.magic ?? 'n+1\0', 344, 'latin1');
  } else {
    const doubles = (offset: number, list: number[]) =>
      list.forEach((value, i) => view.setFloat64(offset + 8 * i, value, little));
    view.setInt32(0, 540, little);
    file.write(given.magic ?? 'n+2\0\r\n\x1a\n', 4, 'latin1');
    short(12, datatype);
    short(14, bitpix);
    dim.forEach((size, i) => view.setBigInt64(16 + 8 * i, BigInt(size), little));
    doubles(104, pixdim);
    view.setBigInt64(168, BigInt(voxOffset), little);
    doubles(176, [slope, inter]);
    view.setInt32(344, qformCode, little);
    view.setInt32(348, sformCode, little);
    doubles(352, [...quatern, ...qoffset, ...srow]);
    view.setInt32(500, units, little);
  }
  values.forEach((value, i) => put(view, start + i * bytes, value, little));
  if (given.length === undefined) return file;
  return Buffer.concat([file, Buffer.alloc(Math.max(0, given.length - file.length))]).subarray(
    0,
    given.length,
  );
}
