import { parseSegmentArguments } from './segmentArguments';
import { parseWindow } from './values';

const REQUIRED = [
  '--image',
  'ct',
  '--labels',
  'l.nii.gz',
  '--label',
  '52',
  '--shots',
  '2,9,17',
  '--evaluate',
];
const parse = (...more: string[]) => parseSegmentArguments([...REQUIRED, ...more]);
const without = (option: string) => {
  const at = REQUIRED.indexOf(option);
  return REQUIRED.filter((_, i) => i !== at && i !== at + 1);
};

describe('parseSegmentArguments', () => {
  it('fills in what is not given', () => {
    expect(parse()).toEqual({
      image: 'ct',
      labels: 'l.nii.gz',
      structures: [[52]],
      shots: [2, 9, 17],
      axis: 'axial',
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
      method: 'context',
      empty: [],
      iterations: undefined,
      initialization: 'sam',
      seed: 0,
      out: undefined,
      evaluate: true,
      json: undefined,
      model: undefined,
      cache: undefined,
    });
  });

  it('reads every option', () => {
    expect(
      parse(
        ...[
          '--axis',
          'coronal',
          '--window',
          '-500,1300',
          '--method',
          'paper',
          '--iterations',
          '50',
        ],
        ...[
          '--seed',
          '7',
          '--out',
          'mask.nii.gz',
          '--json',
          '-',
          '--model',
          'm',
          '--cache',
          'none',
        ],
      ),
    ).toMatchObject({
      axis: 'coronal',
      window: { kind: 'clip', low: -500, high: 1300 },
      iterations: 50,
      seed: 7,
      out: 'mask.nii.gz',
      json: '-',
      model: 'm',
      cache: 'none',
    });
  });

  it('merges labels and sorts shots', () => {
    const parsed = parseSegmentArguments([
      ...without('--shots').filter((_, i, all) => all[i] !== '--label' && all[i - 1] !== '--label'),
      ...['--shots', '17,2', '--label', '70,69,70'],
    ]);
    expect(parsed).toMatchObject({ structures: [[70, 69]], shots: [2, 17] });
  });

  it('takes each --label for a structure of its own', () => {
    const args = '--image ct --labels l.nii --shots 2,17 --evaluate --label 5 --label 52,53';
    expect(parseSegmentArguments(args.split(' ')).structures).toEqual([[5], [52, 53]]);
    expect(() => parseSegmentArguments(`${args} --label 5`.split(' '))).toThrow(
      '--label gives the value 5 to two structures.',
    );
  });

  it.each(['--image', '--labels', '--label', '--shots'])('says that %s is missing', option => {
    expect(() => parseSegmentArguments(without(option))).toThrow(`${option} is missing`);
  });

  it.each<[string[], string]>([
    [['--label', ' '], '--label must be a whole number from 1, or a name, not " "'],
    [['--label', '0'], '--label must be a whole number from 1, or a name, not "0"'],
    [['--label', '52,'], '--label must be a whole number from 1, or a name, not "52,"'],
    [['--shots', '5'], 'two or more slices'],
    [['--shots', '2,x'], 'not "x"'],
    [['--shots', '-2,5'], 'not "-2"'],
    [['--shots', '2,2.5'], 'not "2.5"'],
    [['--shots', '2,5,2'], 'slice 2 twice'],
    [['--axis', 'oblique'], 'axial, coronal, sagittal, not "oblique"'],
    [['--window', 'bone'], 'not "bone"'],
    [['--method', 'magic'], 'not "magic"'],
    [['--iterations', '0'], 'whole number from 1'],
    [['--seed', '-1'], '--seed must be a whole number from 0'],
    [['--out', 'mask.png'], '.nii or .nii.gz'],
    [['--seg', 'jpeg'], '--seg must be auto, binary, labelmap, labelmap-rle'],
    [['--seg-frames', 'some'], '--seg-frames must be used or all, not "some"'],
    [['--name', 'Liver', '--name', 'Spleen'], '--name is given 2 times and --label 1 times'],
    [['--json', ''], '--json is empty'],
    [['--nonsense'], '--nonsense'],
    [['--axis'], '--axis'],
    [['--json', '--out', 'mask.nii'], 'Option \'--json\' needs a value, not "--out"'],
    [['stray'], '"stray" belongs to no option'],
  ])('refuses %j', (more, message) => {
    expect(() => parse(...more)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    );
  });

  it('refuses to compute what nobody will see', () => {
    expect(() => parseSegmentArguments(REQUIRED.filter(arg => arg !== '--evaluate'))).toThrow(
      '--out FILE, --evaluate or --json FILE',
    );
  });
});

describe('parseWindow', () => {
  it('reads modality units and percentiles', () => {
    expect(parseWindow('-160,240')).toEqual({ kind: 'clip', low: -160, high: 240 });
    expect(parseWindow('p0.5,p99.5')).toEqual({ kind: 'percentile', low: 0.5, high: 99.5 });
  });

  it.each([
    '240,-160',
    '5,5',
    '1',
    '1,2,3',
    'p1,99',
    ',',
    '-160,',
    'p,p',
    'p-1,p50',
    'p1,p101',
    'NaN,1',
  ])('refuses %s', text => {
    expect(() => parseWindow(text)).toThrow('--window');
  });
});
