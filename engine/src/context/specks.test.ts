import { removeSpecks, speckLimits } from './specks';

const mask = (drawing: string) =>
  Uint8Array.from([...drawing.replace(/\s/g, '')].map(letter => Number(letter === 'o')));
const draw = (values: Uint8Array, columns: number) =>
  Array.from({ length: values.length / columns }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), v => (v ? 'o' : '.')).join(''),
  ).join('\n');

const FOUND = `
  oooooo..
  oo.ooo.o
  oooooo..
`;

describe('removeSpecks', () => {
  it('removes small parts and fills small holes', () => {
    const found = mask(FOUND);
    expect(removeSpecks(found, 8, { part: 2, hole: 2 })).toBe(true);
    expect(draw(found, 8)).toBe('oooooo..\noooooo..\noooooo..');
  });

  it('keeps what is as large as the limits', () => {
    const found = mask(FOUND);
    expect(removeSpecks(found, 8, { part: 1, hole: 1 })).toBe(false);
    expect(found).toEqual(mask(FOUND));
  });

  it('keeps the largest part, and an empty slice', () => {
    const tiny = mask('o..oo...');
    removeSpecks(tiny, 8, { part: 9, hole: 9 });
    expect(draw(tiny, 8)).toBe('...oo...');
    expect(removeSpecks(new Uint8Array(8), 8, { part: 9, hole: 9 })).toBe(false);
  });
});

it('allows what the outlines show themselves', () => {
  expect(speckLimits([mask('ooooo...')], 8, 4)).toEqual({ part: 4, hole: 16 });
  expect(speckLimits([mask('ooooo..o')], 8, 4)).toEqual({ part: 1, hole: 16 });
  expect(speckLimits([mask(FOUND.replace(/o$/, '.'))], 8, 4).hole).toBe(1);
});
