import { parseSuite } from './suite';

const within = {
  id: 'ct2/aorta/2',
  image: 'ct2/dicom',
  labels: 'ct2/labels.nii.gz',
  label: [52],
  axis: 'axial',
  window: [-160, 240],
  shots: [17, 2],
};
const across = {
  id: 't1-to-t2/cord/3',
  few_shot: { image: 't1.nii.gz', labels: 't1_cord.nii.gz', shots: [1, 19, 38] },
  test: { image: 't2.nii.gz', labels: 't2_cord.nii.gz' },
  label: [1, 3],
  axis: 'coronal',
  window: ['p0.5', 'p99.5'],
};
const parse = (suite: unknown) => parseSuite(suite, (root, file) => `${root}/${file}`);

describe('parseSuite', () => {
  it('reads cases within one volume and across two', () => {
    expect(parse({ root: '../data', within: [within], across: [across] })).toEqual([
      {
        kind: 'within',
        id: 'ct2/aorta/2',
        learn: { image: '../data/ct2/dicom', labels: '../data/ct2/labels.nii.gz' },
        label: [52],
        axis: 'axial',
        window: { kind: 'clip', low: -160, high: 240 },
        shots: [2, 17],
      },
      {
        kind: 'across',
        id: 't1-to-t2/cord/3',
        fewShot: [
          {
            image: '../data/t1.nii.gz',
            labels: '../data/t1_cord.nii.gz',
            shots: [1, 19, 38],
            empty: [],
          },
        ],
        test: [{ image: '../data/t2.nii.gz', labels: '../data/t2_cord.nii.gz' }],
        label: [1, 3],
        axis: 'coronal',
        window: { kind: 'percentile', low: 0.5, high: 99.5 },
      },
    ]);
  });

  it('reads few-shot sets of several studies, for several patients', () => {
    const study = (name: string) => ({ image: `${name}.nii`, labels: `${name}_labels.nii` });
    const [one] = parse({
      across: [
        {
          ...across,
          few_shot: [
            { ...study('a'), shots: [7] },
            { ...study('b'), shots: [4, 2], empty: [9, 0] },
            { ...study('c'), empty: [3] },
          ],
          test: [study('d'), study('e')],
        },
      ],
    });
    expect(one).toMatchObject({
      fewShot: [
        { image: './a.nii', shots: [7], empty: [] },
        { image: './b.nii', shots: [2, 4], empty: [0, 9] },
        { image: './c.nii', shots: [], empty: [3] },
      ],
      test: [{ image: './d.nii' }, { labels: './e_labels.nii' }],
    });
  });

  it('takes the folder of the suite for root and axial for the axis', () => {
    expect(parse({ within: [{ ...within, axis: undefined }] })).toMatchObject([
      { learn: { image: './ct2/dicom', labels: './ct2/labels.nii.gz' }, axis: 'axial' },
    ]);
  });

  it.each<[object, string, string]>([
    [{ shots: undefined }, 'Case ct2/aorta/2: shots is missing', 'two or more'],
    [{ shots: [4] }, 'Case ct2/aorta/2: shots is [4]', 'two or more'],
    [{ shots: [4, 4] }, 'shots is [4,4]', 'different'],
    [{ shots: [4, 5.5] }, 'shots is [4,5.5]', 'slice indices'],
    [{ shots: [-1, 5] }, 'shots is [-1,5]', 'from 0'],
    [{ image: 3 }, 'Case ct2/aorta/2: image is 3', 'path'],
    [{ labels: '' }, 'labels is ""', 'path'],
    [{ label: 52 }, 'label is 52', 'list'],
    [{ label: [] }, 'label is []', 'list'],
    [{ label: [0] }, 'label is [0]', 'from 1'],
    [{ axis: 'oblique' }, 'axis is "oblique"', 'axial, coronal, sagittal'],
    [{ window: undefined }, 'window is missing', '[-160, 240]'],
    [{ window: [240, -160] }, 'window is [240,-160]', 'lower one first'],
    [{ window: ['p1', 99] }, 'window is ["p1",99]', 'p99.5'],
    [{ window: ['p1', 'p101'] }, 'window is ["p1","p101"]', 'p99.5'],
    [{ window: ['1', '99'] }, 'window is ["1","99"]', 'p99.5'],
    [{ window: [1, 2, 3] }, 'window is [1,2,3]', 'like'],
    [{ id: 'two words' }, 'Case within[0]: id is "two words"', 'without spaces'],
    [{ id: undefined }, 'Case within[0]: id is missing', 'without spaces'],
  ])('refuses %j', (change, message, remedy) => {
    expect(() => parse({ within: [{ ...within, ...change }] })).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      }),
    );
  });

  it.each<[object, string]>([
    [{ test: undefined }, 'Case t1-to-t2/cord/3: test is missing'],
    [{ test: { image: 'a' } }, 'Case t1-to-t2/cord/3: test.labels is missing'],
    [{ few_shot: { ...across.few_shot, shots: 'all' } }, 'few_shot.shots is "all"'],
    [{ few_shot: { ...across.few_shot, image: null } }, 'few_shot.image is null'],
    [{ few_shot: [] }, 'few_shot is []'],
    [{ test: [] }, 'test is []'],
    [{ few_shot: [across.few_shot, 'b'] }, 'Case t1-to-t2/cord/3: few_shot[1] is "b"'],
    [{ few_shot: [across.few_shot, { ...across.few_shot, shots: [] }] }, 'few_shot[1].shots is []'],
    [{ test: [across.test, { image: 'a' }] }, 'test[1].labels is missing'],
    [{ few_shot: [{ ...across.few_shot, shots: [4] }] }, 'few_shot has only one shot'],
    [{ few_shot: { ...across.few_shot, empty: [19] } }, 'slice 19 is among few_shot.shots and few'],
    [{ few_shot: { ...across.few_shot, empty: 1.5 } }, 'few_shot.empty is 1.5'],
    [{ few_shot: { ...across.few_shot, empty: -1 } }, 'few_shot.empty is -1'],
  ])('refuses %j across studies', (change, message) => {
    expect(() => parse({ across: [{ ...across, ...change }] })).toThrow(message);
  });

  it.each<[unknown, string]>([
    [[], 'The suite is []'],
    [null, 'The suite is null'],
    [{}, 'holds no case'],
    [{ within: within }, 'within is {"id"'],
    [{ within: ['ct2'] }, 'Case within[0] is "ct2"'],
    [{ root: 5, within: [within] }, 'root is 5'],
    [{ within: [within, within] }, 'Case ct2/aorta/2: id'],
  ])('refuses the suite %j', (suite, message) => {
    expect(() => parse(suite)).toThrow(message);
  });
});
