import { parseApplyImages, parseFitImages, parseSegmentImages } from './imageArguments';

const split = (line: string) => line.split(' ');

describe('segment on images', () => {
  it('learns any value above 0 from all masks unless told otherwise', () => {
    expect(parseSegmentImages(split('--image a --labels m --out o'))).toMatchObject({
      images: ['a'],
      labels: 'm',
      structures: [[]],
      method: 'head',
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
    });
  });

  it('takes files, names and several structures', () => {
    const line =
      '--image a.png --image b.png --labels m --label 1,2 --label 3 --shots 0,b.png --overlays o';
    expect(parseSegmentImages(split(line))).toMatchObject({
      images: ['a.png', 'b.png'],
      structures: [[1, 2], [3]],
      shots: ['0', 'b.png'],
      overlays: 'o',
    });
  });

  it.each([
    ['--image a --out o', '--labels is missing'],
    ['--image a --labels m', 'No output requested'],
    ['--image a --labels m --out o --method context', 'no neighbors. Use head'],
    ['--image a --labels m --out o --axis coronal', "Unknown option '--axis'"],
    ['--image a --labels m --out o --shots 1,1', 'lists 1 twice'],
    ['--image a --labels m --out o --label 1 --label 1', 'value 1 to two structures'],
    ['--image a --labels m --out o --label liver', 'whole number from 1'],
  ])('refuses `%s`', (line, message) =>
    expect(() => parseSegmentImages(split(line))).toThrow(message),
  );
});

it('fit learns by heads, one structure', () => {
  const line = '--image a --labels m --out x.task --label 2';
  expect(parseFitImages(split(line))).toMatchObject({ method: 'head', structures: [[2]] });
  expect(() => parseFitImages(split(`${line} --label 3`))).toThrow('one structure');
});

it('apply takes tasks and images', () => {
  const line = 'x.task y.task --image a --out o';
  expect(parseApplyImages(split(line))).toMatchObject({ tasks: ['x.task', 'y.task'], label: [] });
  expect(() => parseApplyImages(split(`${line} --evaluate --labels m`))).toThrow('single task');
  expect(() => parseApplyImages(split('x.task --image a --out o --evaluate'))).toThrow('together');
});
