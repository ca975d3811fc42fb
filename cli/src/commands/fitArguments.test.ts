import { parseApplyArguments } from './applyArguments';
import { fitMethod, parseFitArguments } from './fitArguments';
import { UsageError } from './usageError';

const refuse = (parse: (args: string[]) => unknown, line: string, message: string) => {
  const run = () => parse(line.split(' ').filter(Boolean));
  expect(run).toThrow(UsageError);
  expect(run).toThrow(message);
};

describe('fewshot-sam fit', () => {
  const needed = '--image ct/ --labels l.nii --label 52 --shots 9,2 --out aorta.task';

  it('fills in what is not given', () => {
    expect(parseFitArguments(needed.split(' '))).toEqual({
      studies: [{ image: 'ct/', labels: 'l.nii', shots: [2, 9], empty: [] }],
      label: [52],
      initialization: 'sam',
      name: 'label 52',
      axis: 'axial',
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
      seed: 0,
      out: 'aorta.task',
    });
  });

  it('reads what is given', () => {
    const more =
      '--name Aorta --axis coronal --window -160,240 --iterations 30 --method paper --init he --seed 3';
    expect(parseFitArguments(`${needed} ${more}`.split(' '))).toMatchObject({
      name: 'Aorta',
      axis: 'coronal',
      window: { kind: 'clip', low: -160, high: 240 },
      iterations: 30,
      method: 'paper',
      initialization: 'he',
      seed: 3,
    });
  });

  it('reads several studies, each with its own labels and slices', () => {
    const second = '--image ct2/ --labels l2.nii --shots 4 --empty 0,1 --empty=';
    expect(parseFitArguments(`${needed} ${second}`.split(' ')).studies).toEqual([
      { image: 'ct/', labels: 'l.nii', shots: [2, 9], empty: [0, 1] },
      { image: 'ct2/', labels: 'l2.nii', shots: [4], empty: [] },
    ]);
  });

  it('learns with the decoder from one or two studies, with heads from three on', () => {
    const study = '--image a.nii --labels al.nii --shots 3,4 ';
    const rest = '--label 1 --out a.task';
    const method = (line: string) => fitMethod(parseFitArguments(line.split(' ')));
    expect([1, 2, 3].map(count => method(study.repeat(count) + rest))).toEqual([
      'paper',
      'paper',
      'head',
    ]);
    expect(method(`${study}${rest} --method head`)).toBe('head');
  });

  it('takes a single slice of each of several studies', () => {
    const one = '--image a.nii --labels al.nii --shots 3';
    const other = '--image b.nii --labels bl.nii --shots 5';
    const { studies } = parseFitArguments(`${one} ${other} --label 1 --out a.task`.split(' '));
    expect(studies.map(({ shots }) => shots)).toEqual([[3], [5]]);
  });

  it.each([
    ['', '--image is missing.'],
    [`${needed} --image other/`, '--labels is given 1 times and --image 2 times'],
    [`${needed} --empty 0 --empty 1`, '--empty is given 2 times and --image 1 times'],
    [`${needed} --empty 2`, 'Slice 2 is in both --shots and --empty'],
    [`${needed} --init xavier`, '--init must be sam or he, not "xavier".'],
    [`${needed} --method head --init he`, '--init is for --method paper'],
    [`${needed} --method context`, '--method must be head or paper, not "context".'],
    [needed.replace(/ --out.*/, ''), '--out is missing.'],
    [
      needed.replace('aorta.task', 'aorta.nii.gz'),
      '--out must end with .task, not "aorta.nii.gz".',
    ],
    [needed.replace('9,2', '9'), '--shots needs two or more slices, in one or more studies'],
    [`${needed} --evaluate`, "Unknown option '--evaluate'"],
    [`${needed} --name=`, '--name is empty.'],
  ])('refuses `%s`', (line, message) => refuse(parseFitArguments, line, message));
});

describe('fewshot-sam apply', () => {
  it('reads the task, the image, and where the mask goes', () => {
    const line = 'aorta.task --image ct/ --out mask.nii.gz --window -100,300';
    expect(parseApplyArguments(line.split(' '))).toEqual({
      tasks: ['aorta.task'],
      image: 'ct/',
      out: 'mask.nii.gz',
      window: { kind: 'clip', low: -100, high: 300 },
    });
  });

  it('reads what to compare with', () => {
    const line = 'aorta.task --image ct/ --evaluate --labels l.nii --label 52,53 --json -';
    expect(parseApplyArguments(line.split(' '))).toMatchObject({
      evaluate: { labels: 'l.nii', label: [52, 53] },
      json: '-',
    });
  });

  it.each([
    ['', 'The task file is missing'],
    ['--image ct/', 'The task file is missing'],
    ['a.task', '--image is missing.'],
    [
      'a.task --image ct/ --method context --json -',
      '--method must be paper, paper-context or head',
    ],
    ['a.task --image ct/', 'No output requested'],
    ['a.task --image ct/ --out mask.png', '--out must end with .nii or .nii.gz'],
    ['a.task --image ct/ --evaluate --label 1', '--evaluate needs --labels.'],
    ['a.task --image ct/ --evaluate --labels l.nii', '--evaluate needs --label.'],
    ['a.task --image ct/ --json - --labels l.nii', 'used only by --evaluate'],
    [
      'a.task b.task --image ct/ --evaluate --labels l.nii --label 1',
      '--evaluate is for a single task, not 2.',
    ],
  ])('refuses `%s`', (line, message) => refuse(parseApplyArguments, line, message));
});
