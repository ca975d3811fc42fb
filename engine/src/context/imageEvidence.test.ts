import { isBlank } from './imageEvidence';

describe('isBlank', () => {
  it('is a slice of one grey value, with a few stray pixels', () => {
    const grey = new Uint8Array(1000).fill(40);
    grey[7] = 255;
    expect(isBlank(grey)).toBe(true);
    expect(isBlank(new Uint8Array(10))).toBe(true);
  });

  it('is neither noise nor a small structure', () => {
    expect(isBlank(Uint8Array.from({ length: 1000 }, (_, i) => 40 + (i % 5)))).toBe(false);
    expect(isBlank(new Uint8Array(1000).fill(80, 0, 20))).toBe(false);
  });
});
