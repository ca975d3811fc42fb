import { cleanVolume } from './cleanVolume';

const GRID = { rows: 4, columns: 6 };

/** `#` is inside. */
function logits(drawing: string): Float32Array {
  return Float32Array.from(drawing.replace(/\s/g, ''), sign => (sign === '#' ? 4 : -4));
}

const shown = (mask: Uint8Array) =>
  Array.from({ length: GRID.rows }, (_, row) =>
    Array.from(mask.subarray(row * GRID.columns, (row + 1) * GRID.columns), value =>
      value ? '#' : '.',
    ).join(''),
  );

describe('cleanVolume', () => {
  const full = '#####. #####. #####. ......';

  it('removes parts below a tenth of what was found', () => {
    const speck = '#####. #####. #####. .....#';
    const [first, second] = cleanVolume(
      [
        { index: 0, logits: logits(full) },
        { index: 2, logits: logits(speck.replaceAll('.', '.')) },
      ],
      GRID,
      undefined,
    );
    // Connected by a corner to the large part, so it stays.
    expect(shown(second.mask)[3]).toBe('.....#');
    expect(shown(first.mask)).toEqual(['#####.', '#####.', '#####.', '......']);

    const [alone] = cleanVolume(
      [{ index: 0, logits: logits('####.. ####.. ####.. .....#') }],
      GRID,
      undefined,
    );
    expect(shown(alone.mask)).toEqual(['####..', '####..', '####..', '......']);
    expect(alone.probability()[23]).toBeLessThan(0.01);
  });

  it('fills a slice that its neighbors agree on, but not across a gap', () => {
    const none = '...... ...... ...... ......';
    const thin = [0, 1, 2].map(index => ({ index, logits: logits(index === 1 ? none : full) }));
    expect(shown(cleanVolume(thin, GRID, 1)[1].mask)[0]).toBe('#####.');

    const apart = thin.map(slice => ({ ...slice, index: 10 * slice.index }));
    expect(shown(cleanVolume(apart, GRID, 1)[1].mask)[0]).toBe('......');
  });

  it('says that nothing is there', () => {
    const none = logits('...... ...... ...... ......');
    const [slice] = cleanVolume([{ index: 5, logits: none }], GRID, 3);
    expect(slice.index).toBe(5);
    expect(slice.mask.includes(1)).toBe(false);
  });
});
