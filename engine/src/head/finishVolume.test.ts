import { FINE_CELLS } from './headInput';
import type { Reading } from './finishImage';
import { finishVolume } from './finishVolume';

const GRID = { rows: 4, columns: 6 };

/** `#` is inside. */
function logits(drawing: string): Float32Array {
  return Float32Array.from(drawing.replace(/\s/g, ''), sign => (sign === '#' ? 4 : -4));
}

const RECTANGLE = { row: 0, column: 0, ...GRID };
const PLAIN: Reading = { refinement: null, threshold: 0.5, calibration: 0 };

function finish(
  found: readonly { index: number; logits: Float32Array }[],
  sliceSpacing?: number,
  reading = PLAIN,
) {
  const seen = { gray: new Uint8Array(FINE_CELLS ** 2), rectangle: RECTANGLE };
  const slices = found.map(slice => ({ ...slice, ...seen }));
  return finishVolume(slices, GRID, sliceSpacing, reading);
}

const shown = (mask: Uint8Array) =>
  Array.from({ length: GRID.rows }, (_, row) =>
    Array.from(mask.subarray(row * GRID.columns, (row + 1) * GRID.columns), value =>
      value ? '#' : '.',
    ).join(''),
  );

describe('finishVolume', () => {
  const full = '#####. #####. #####. ......';

  it('removes parts below a tenth of what was found', () => {
    const speck = '#####. #####. #####. .....#';
    const [first, second] = finish([
      { index: 0, logits: logits(full) },
      { index: 2, logits: logits(speck) },
    ]).slices;
    // Connected by a corner to the large part, so it stays.
    expect(shown(second.mask)[3]).toBe('.....#');
    expect(shown(first.mask)).toEqual(['#####.', '#####.', '#####.', '......']);

    const [alone] = finish([{ index: 0, logits: logits('####.. ####.. ####.. .....#') }]).slices;
    expect(shown(alone.mask)).toEqual(['####..', '####..', '####..', '......']);
    expect(alone.probability()[23]).toBeLessThan(0.01);
  });

  it('fills a slice that its neighbors agree on, but not across a gap', () => {
    const none = '...... ...... ...... ......';
    const thin = [0, 1, 2].map(index => ({ index, logits: logits(index === 1 ? none : full) }));
    expect(shown(finish(thin, 1).slices[1].mask)[0]).toBe('#####.');

    const apart = thin.map(slice => ({ ...slice, index: 10 * slice.index }));
    expect(shown(finish(apart, 1).slices[1].mask)[0]).toBe('......');
  });

  it('says that nothing is there', () => {
    const none = logits('...... ...... ...... ......');
    const { slices, expectedDice } = finish([{ index: 5, logits: none }], 3);
    expect(slices[0].index).toBe(5);
    expect(slices[0].mask.includes(1)).toBe(false);
    expect(slices[0].confidence).toBeUndefined();
    expect(expectedDice).toBeUndefined();
  });

  it('takes what lies above the threshold, and expects more Dice of what is surer', () => {
    const values = logits('##.... ##.... ##.... ......').map((logit, i) =>
      i % 6 === 1 ? -1 : logit,
    );
    const wide = finish([{ index: 0, logits: values }], undefined, { ...PLAIN, threshold: 0.2 });
    expect(shown(wide.slices[0].mask)[0]).toBe('##....');
    const narrow = finish([{ index: 0, logits: values }]);
    expect(shown(narrow.slices[0].mask)[0]).toBe('#.....');
    const sure = finish([{ index: 0, logits: logits(full) }]);
    expect(sure.expectedDice!).toBeGreaterThan(wide.expectedDice!);
    expect(sure.slices[0].confidence).toBeCloseTo(sure.expectedDice!, 6);
    const doubted = finish([{ index: 0, logits: logits(full) }], undefined, {
      ...PLAIN,
      calibration: -1,
    });
    expect(doubted.expectedDice!).toBeLessThan(sure.expectedDice! - 0.01);
  });
});
