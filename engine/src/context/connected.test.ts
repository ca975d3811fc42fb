import { keepConnected } from './connected';

const mask = (drawing: string) =>
  Uint8Array.from(drawing.replace(/\s/g, ''), c => (c === '#' ? 1 : 0));

describe('keepConnected', () => {
  it('keeps what goes on from an outline, in every slice, and drops the rest', () => {
    const slices = ['##.... ......', '.##..# .....#', '..##.. ......'].map(mask);
    keepConnected(slices, [0, 1, 2], [true, false, false], 2, 6);
    expect(slices).toEqual(['##.... ......', '.##... ......', '..##.. ......'].map(mask));
  });

  it('keeps what lies beside slices that were not searched: it may have moved there', () => {
    const drawn = ['##.... ......', '...##. ......', '....## ......'];
    const apart = drawn.map(mask);
    keepConnected(apart, [0, 3, 6], [true, false, false], 2, 6);
    expect(apart).toEqual(drawn.map(mask));
    const beside = drawn.map(mask);
    keepConnected(beside, [0, 1, 2], [true, false, false], 2, 6);
    expect(beside).toEqual(['##.... ......', '...... ......', '...... ......'].map(mask));
    // Of a longer stretch, only its ends.
    const longer = ['#..... ......', '..#... ......', '...#.. #.....', '.....# ......'].map(mask);
    keepConnected(longer, [0, 3, 4, 5], [true, false, false, true], 2, 6);
    expect(longer[2]).toEqual(mask('...#.. ......'));
  });

  it('never changes an outline', () => {
    const slices = ['##.... .....#', '...... ......'].map(mask);
    keepConnected(slices, [0, 1], [true, false], 2, 6);
    expect(slices[0]).toEqual(mask('##.... .....#'));
  });
});
