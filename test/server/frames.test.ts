import { bitSlice } from '../../scripts/server/dicomweb/frames';

describe('bitSlice', () => {
  it('cuts frames of single bits that follow each other without padding', () => {
    const bytes = Buffer.from([0b10110100, 0b00000011]);
    expect(bitSlice(bytes, 2, 6)).toEqual(Buffer.from([0b101101]));
    expect(bitSlice(bytes, 7, 3)).toEqual(Buffer.from([0b111]));
    expect(bitSlice(bytes, 8, 8)).toEqual(Buffer.from([0b11]));
  });

  it('finds the 513th frame of 512 x 512 x 16 bit', () => {
    const asked: [number, number][] = [];
    const bytes = { subarray: (...range: [number, number]) => asked.push(range) };
    bitSlice(bytes as unknown as Buffer, 2 ** 31, 8);
    expect(asked).toEqual([[2 ** 28, 2 ** 28 + 1]]);
  });
});
