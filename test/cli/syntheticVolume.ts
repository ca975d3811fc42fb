import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

export interface Grid {
  size: [number, number, number];
  spacing: [number, number, number];
  /** World position (NIfTI: right, front, head negative to positive) of voxel (0, 0, 0). */
  origin: [number, number, number];
  /** Per axis +1 or -1: whether the index grows with the world coordinate. */
  sign?: [number, number, number];
}

/** Writes a NIfTI-1 file of 16-bit integers whose axes are parallel to the patient's. */
export async function writeNifti(
  file: string,
  { size, spacing, origin, sign = [1, 1, 1] }: Grid,
  value: (x: number, y: number, z: number) => number,
  extraDimension = 1,
): Promise<void> {
  const [nx, ny, nz] = size;
  const bytes = Buffer.alloc(352 + nx * ny * nz * extraDimension * 2);
  bytes.writeInt32LE(348, 0);
  [extraDimension > 1 ? 4 : 3, ...size, extraDimension, 1, 1, 1].forEach((count, i) =>
    bytes.writeInt16LE(count, 40 + 2 * i),
  );
  bytes.writeInt16LE(4, 70); // DT_INT16
  bytes.writeInt16LE(16, 72);
  [1, ...spacing].forEach((step, i) => bytes.writeFloatLE(step, 76 + 4 * i));
  bytes.writeFloatLE(352, 108);
  bytes.writeFloatLE(1, 112);
  bytes.writeInt16LE(1, 254); // sform: scanner coordinates
  for (let row = 0; row < 3; row++) {
    bytes.writeFloatLE(sign[row] * spacing[row], 280 + 16 * row + 4 * row);
    bytes.writeFloatLE(origin[row], 280 + 16 * row + 12);
  }
  bytes.write('n+1\0', 344);
  let offset = 352;
  for (let t = 0; t < extraDimension; t++) {
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, offset += 2) bytes.writeInt16LE(value(x, y, z), offset);
      }
    }
  }
  await writeFile(file, file.endsWith('.gz') ? gzipSync(bytes) : bytes);
}
