/** Layout of a header: byte offsets of its fields. */
interface Layout {
  headerSize: number;
  magic: { offset: number; single: string; pair: string };
  /** Least bytes before the first voxel in a single file. */
  dataStart: number;
  offsets: {
    dim: number;
    datatype: number;
    bitpix: number;
    pixdim: number;
    voxOffset: number;
    slope: number;
    units: number;
    qformCode: number;
    sformCode: number;
    quatern: number;
    qoffset: number;
    srow: number;
  };
}

/** Versions 1 and 2 of the format. */
export type NiftiVersion = 1 | 2;

export const LAYOUTS: Record<NiftiVersion, Layout> = {
  1: {
    headerSize: 348,
    magic: { offset: 344, single: 'n+1\0', pair: 'ni1\0' },
    dataStart: 352,
    offsets: {
      dim: 40,
      datatype: 70,
      bitpix: 72,
      pixdim: 76,
      voxOffset: 108,
      slope: 112,
      units: 123,
      qformCode: 252,
      sformCode: 254,
      quatern: 256,
      qoffset: 268,
      srow: 280,
    },
  },
  2: {
    headerSize: 540,
    magic: { offset: 4, single: 'n+2\0\r\n\x1a\n', pair: 'ni2\0\r\n\x1a\n' },
    dataStart: 544,
    offsets: {
      dim: 16,
      datatype: 12,
      bitpix: 14,
      pixdim: 104,
      voxOffset: 168,
      slope: 176,
      units: 500,
      qformCode: 344,
      sformCode: 348,
      quatern: 352,
      qoffset: 376,
      srow: 400,
    },
  },
};

/**
 * The geometry fields of a NIfTI file, as stored, in the file's own units. A mask is written with those of
 * its image, so that every program places both alike.
 */
export interface NiftiForm {
  version: NiftiVersion;
  qformCode: number;
  sformCode: number;
  /** b, c and d of the unit quaternion. */
  quatern: number[];
  qoffset: number[];
  /** First three rows of the matrix from voxel index to position, row-major, 3 x 4. */
  srow: number[];
  /** qfac, then the size of a voxel along each of seven dimensions. */
  pixdim: number[];
  units: number;
}

/** Reads and writes the numbers of a header. */
export class NiftiFields {
  private readonly view: DataView;
  readonly layout: Layout;

  constructor(
    bytes: Uint8Array,
    readonly version: NiftiVersion,
    readonly little: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.layout = LAYOUTS[version];
  }

  /** `dim`: the number of dimensions, then the size of each of seven. */
  get dim(): number[] {
    const { dim } = this.layout.offsets;
    return EIGHT.map(i =>
      this.version === 1
        ? this.view.getInt16(dim + 2 * i, this.little)
        : Number(this.view.getBigInt64(dim + 8 * i, this.little)),
    );
  }

  set dim(values: readonly number[]) {
    const { dim } = this.layout.offsets;
    values.forEach((value, i) =>
      this.version === 1
        ? this.view.setInt16(dim + 2 * i, value, this.little)
        : this.view.setBigInt64(dim + 8 * i, BigInt(value), this.little),
    );
  }

  get voxOffset(): number {
    const offset = this.layout.offsets.voxOffset;
    return this.version === 1
      ? this.view.getFloat32(offset, this.little)
      : Number(this.view.getBigInt64(offset, this.little));
  }

  set voxOffset(value: number) {
    const offset = this.layout.offsets.voxOffset;
    if (this.version === 1) this.view.setFloat32(offset, value, this.little);
    else this.view.setBigInt64(offset, BigInt(value), this.little);
  }

  /** `datatype` and `bitpix`. */
  get type(): [number, number] {
    const { datatype, bitpix } = this.layout.offsets;
    return [this.view.getInt16(datatype, this.little), this.view.getInt16(bitpix, this.little)];
  }

  set type([datatype, bitpix]: readonly [number, number]) {
    this.view.setInt16(this.layout.offsets.datatype, datatype, this.little);
    this.view.setInt16(this.layout.offsets.bitpix, bitpix, this.little);
  }

  /** `scl_slope` and `scl_inter`. */
  get scaling(): [number, number] {
    const [slope, inter] = this.floats('slope', 2);
    return [slope, inter];
  }

  set scaling(values: readonly [number, number]) {
    this.setFloats('slope', values);
  }

  get form(): NiftiForm {
    return {
      version: this.version,
      qformCode: this.code('qformCode'),
      sformCode: this.code('sformCode'),
      quatern: this.floats('quatern', 3),
      qoffset: this.floats('qoffset', 3),
      srow: this.floats('srow', 12),
      pixdim: this.floats('pixdim', 8),
      units:
        this.version === 1
          ? this.view.getUint8(this.layout.offsets.units)
          : this.view.getInt32(this.layout.offsets.units, this.little),
    };
  }

  set form(form: NiftiForm) {
    this.setCode('qformCode', form.qformCode);
    this.setCode('sformCode', form.sformCode);
    this.setFloats('quatern', form.quatern);
    this.setFloats('qoffset', form.qoffset);
    this.setFloats('srow', form.srow);
    this.setFloats('pixdim', form.pixdim);
    if (this.version === 1) this.view.setUint8(this.layout.offsets.units, form.units);
    else this.view.setInt32(this.layout.offsets.units, form.units, this.little);
  }

  private code(field: 'qformCode' | 'sformCode'): number {
    const offset = this.layout.offsets[field];
    return this.version === 1
      ? this.view.getInt16(offset, this.little)
      : this.view.getInt32(offset, this.little);
  }

  private setCode(field: 'qformCode' | 'sformCode', value: number): void {
    const offset = this.layout.offsets[field];
    if (this.version === 1) this.view.setInt16(offset, value, this.little);
    else this.view.setInt32(offset, value, this.little);
  }

  private floats(field: keyof Layout['offsets'], count: number): number[] {
    const offset = this.layout.offsets[field];
    return Array.from({ length: count }, (_, i) =>
      this.version === 1
        ? this.view.getFloat32(offset + 4 * i, this.little)
        : this.view.getFloat64(offset + 8 * i, this.little),
    );
  }

  private setFloats(field: keyof Layout['offsets'], values: readonly number[]): void {
    const offset = this.layout.offsets[field];
    values.forEach((value, i) =>
      this.version === 1
        ? this.view.setFloat32(offset + 4 * i, value, this.little)
        : this.view.setFloat64(offset + 8 * i, value, this.little),
    );
  }
}

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];
