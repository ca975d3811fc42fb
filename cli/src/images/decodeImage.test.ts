import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import jpeg from 'jpeg-js';
import { writeArrayBuffer } from 'geotiff';
import { decodeImage } from './decodeImage';

const png = (data: Uint8Array | Uint16Array, width: number, channels: number, more: object = {}) =>
  encode({ width, height: data.length / width / channels, data, channels, ...more });

describe('decodeImage', () => {
  it('reads gray PNG of 8 and 16 bits as it is stored', async () => {
    const values = [0, 1, 128, 255, 7, 9];
    const eight = await decodeImage(png(Uint8Array.from(values), 3, 1), 'image');
    expect(eight).toMatchObject({ rows: 2, columns: 3, channels: 1, spacing: null });
    expect([...Array.from(eight.values)]).toEqual(values);
    const deep = Uint16Array.from([0, 65535, 300, 4]);
    const sixteen = await decodeImage(png(deep, 2, 1, { depth: 16 }), 'image');
    expect(Array.from(sixteen.values)).toEqual([0, 65535, 300, 4]);
  });

  it('keeps colors, ignores transparency, and finds gray that is stored as color', async () => {
    const color = await decodeImage(
      png(Uint8Array.from([1, 2, 3, 255, 4, 5, 6, 0]), 2, 4),
      'image',
    );
    expect(color.channels).toBe(3);
    expect(Array.from(color.values)).toEqual([1, 2, 3, 4, 5, 6]);
    const gray = await decodeImage(png(Uint8Array.from([7, 7, 7, 9, 9, 9]), 2, 3), 'image');
    expect(gray.channels).toBe(1);
    expect(Array.from(gray.values)).toEqual([7, 9]);
  });

  it('shows a palette as colors in an image, and as numbers in labels', async () => {
    const file = palettePng();
    const shown = await decodeImage(file, 'image');
    expect(shown).toMatchObject({ rows: 2, columns: 3, channels: 3 });
    expect(Array.from(shown.values).slice(0, 6)).toEqual([0, 0, 0, 255, 0, 0]);
    const labels = await decodeImage(file, 'labels');
    expect(Array.from(labels.values)).toEqual([0, 1, 2, 2, 1, 0]);
  });

  it('reads JPEG', async () => {
    const data = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => [200, 40, 90, 255][i % 4]);
    const file = jpeg.encode({ width: 16, height: 16, data }, 95).data;
    const { rows, columns, channels, values } = await decodeImage(file, 'image');
    expect({ rows, columns, channels }).toEqual({ rows: 16, columns: 16, channels: 3 });
    expect(Math.abs(values[0] - 200)).toBeLessThan(6);
    expect(Math.abs(values[1] - 40)).toBeLessThan(6);
  });

  it('reads TIFF with the values that it stores', async () => {
    const values = Uint16Array.from([0, 500, 40_000, 65_535, 1, 2]);
    const file = await writeArrayBuffer(values, { width: 3, height: 2, BitsPerSample: [16] });
    const read = await decodeImage(new Uint8Array(file as ArrayBuffer), 'labels');
    expect(read).toMatchObject({ rows: 2, columns: 3, channels: 1 });
    expect(Array.from(read.values)).toEqual([...values]);
  });

  it.each([
    ['text', new TextEncoder().encode('no image at all')],
    ['a PNG that is cut off', png(new Uint8Array(400), 20, 1).slice(0, 45)],
  ])('refuses %s', (_, bytes) => expect(decodeImage(bytes, 'image')).rejects.toThrow());
});

/** 3 x 2 pixels of 2 bits each, with a palette of black, red and green. */
function palettePng(): Uint8Array {
  const rows = [0b00011000, 0b10010000].map(byte => [0, byte]).flat();

  const chunk = (type: string, data: number[] | Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', [0, 0, 0, 3, 0, 0, 0, 2, 2, 3, 0, 0, 0]),
    chunk('PLTE', [0, 0, 0, 255, 0, 0, 0, 255, 0]),
    chunk('IDAT', deflateSync(Buffer.from(rows))),
    chunk('IEND', []),
  ]);
}
