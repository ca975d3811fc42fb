import { CT_SOFT_TISSUE, type MethodJob, type Slice } from 'fewshot-sam';
import { wantedSlices } from './wantedSlices';

const slice = (index: number, columns: number, identity: string): Slice => {
  const grid = { rows: 1, columns, rowSpacing: 1, columnSpacing: 1 };
  return { ...grid, pixels: new Float32Array(columns), index, identity };
};

/** All slices of the first study are labeled; the second has another size. */
function job(change: Partial<MethodJob> = {}): MethodJob {
  return {
    slices: [0, 1].map(index => slice(index, 2, `first ${index}`)),
    labels: new Map([0, 1].map(index => [index, Uint8Array.of(0, 1)])),
    targets: [0, 2],
    window: CT_SOFT_TISSUE,
    test: {
      slices: [0, 1, 2].map(index => slice(index, 3, `second ${index}`)),
      window: CT_SOFT_TISSUE,
    },
    ...change,
  };
}

describe('wantedSlices', () => {
  it('are those of the other study, whatever is labeled in the first', () => {
    expect(wantedSlices(job()).map(({ identity }) => identity)).toEqual(['second 0', 'second 2']);
  });

  it('are those without an outline when there is one study', () => {
    const slices = [0, 1, 2].map(index => slice(index, 2, `first ${index}`));
    const wanted = wantedSlices(job({ slices, test: undefined }));
    expect(wanted.map(({ identity }) => identity)).toEqual(['first 2']);
  });

  it.each<[string, Partial<MethodJob>, string]>([
    ['no outline', { labels: new Map() }, 'No slice is outlined.'],
    [
      'an outline of another size',
      {
        labels: new Map([
          [0, Uint8Array.of(0, 1)],
          [1, Uint8Array.of(0, 1, 0)],
        ]),
      },
      'The outline on slice 2 has 3 pixels, the slice 2.',
    ],
    ['no slice at all', { slices: [] }, 'Slice 1 is not among the slices given.'],
    ['nothing wanted', { targets: [] }, 'No slice of the study to segment was chosen.'],
    [
      'a slice that is not there',
      { targets: [0, 3] },
      'Slice 4 is not among the slices of the study to segment.',
    ],
    [
      'too many values',
      {
        test: {
          slices: [{ ...slice(0, 3, 'color'), pixels: new Float32Array(9) }],
          window: CT_SOFT_TISSUE,
        },
        targets: [0],
      },
      'Slice 1 of the study to segment has 9 values for 3 x 1 pixels; one value per pixel is needed.',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => wantedSlices(job(change))).toThrow(
      expect.objectContaining({ code: 'bad-input', message }),
    );
  });
});
