import { parseMeasureArguments } from './measureArguments';

const REQUIRED = ['--image', 'ct', '--labels', 'liver.dcm'];

it('measures every structure unless told', () => {
  expect(parseMeasureArguments(REQUIRED)).toEqual({
    ...{ image: 'ct', labels: 'liver.dcm', structures: [], format: 'table', out: undefined },
  });
  expect(
    parseMeasureArguments([...REQUIRED, '--label', '2,3', '--label', 'Liver']).structures,
  ).toEqual([[2, 3], ['Liver']]);
});

it.each([
  [['--image', 'ct'], '--labels is missing.'],
  [[...REQUIRED, '--format', 'xml'], '--format must be table, csv, json, sr, not "xml".'],
  [[...REQUIRED, '--format', 'sr'], '--format sr needs --out with a name that ends with .dcm.'],
  [[...REQUIRED, '--format', 'sr', '--out', 'a.csv'], '--format sr needs --out'],
  [
    ['--image', 'ct', '--labels', 'l.nii.gz', '--format', 'sr', '--out', 'a.dcm'],
    '--labels must be one (.dcm), not "l.nii.gz".',
  ],
])('refuses %j', (args, message) => {
  expect(() => parseMeasureArguments(args)).toThrow(message);
});
