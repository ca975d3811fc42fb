import { keepConnected } from './connected';

const mask = (drawing: string) =>
  Uint8Array.from(drawing.replace(/\s/g, ''), c => (c === '#' ? 1 : 0));

describe('keepConnected', () => {
  it('keeps what goes on from an outline, in every slice, and drops the rest', () => {
    const slices = ['##.... ......', '.##..# .....#', '..##.. ......'].map(mask);
    keepConnected(slices, [true, false, false], 2, 6);
    expect(slices).toEqual(['##.... ......', '.##... ......', '..##.. ......'].map(mask));
  });

  it('never changes an outline', () => {
    const slices = ['##.... .....#', '...... ......'].map(mask);
    keepConnected(slices, [true, false], 2, 6);
    expect(slices[0]).toEqual(mask('##.... .....#'));
  });
});
