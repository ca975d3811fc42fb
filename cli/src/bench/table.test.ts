import { Results } from './summary';
import { alignedText, checks, failures, iouCells, markdownTable, methodCells } from './table';
import { CASES, failed, row } from './testRows';

const [liver, aorta, across] = CASES.map(({ id }) => id);
const results = new Results(
  CASES,
  ['context', 'interpolate', 'paper', 'sam-box'],
  [
    row(liver, 'context', { iou: 0.9, expected_dice: 0.75 }),
    row(aorta, 'context', {
      iou: 0.7,
      per_slice: [
        { index: 3, truth: 4, predicted: 4, intersection: 4, confidence: 0.9 },
        { index: 4, truth: 4, predicted: 4, intersection: 1, confidence: 0.3 },
      ],
    }),
    row(liver, 'interpolate', { iou: 0.8 }),
    row(aorta, 'interpolate', { iou: 0.75 }),
    failed(across, 'interpolate', 'cannot segment another study', null),
    failed(aorta, 'paper', 'The structure was found on none of the 15 slices.'),
    row(across, 'paper', { iou: 0.6 }),
    row(liver, 'sam-box', { iou: 0.99 }),
  ],
);

describe('iouCells', () => {
  it('tells a failure (!), the impossible (–) and what is not done yet apart', () => {
    expect(alignedText(iouCells(results))).toBe(
      [
        'IoU                    context  interpolate            paper          sam-box',
        'ct/liver/5              0.9000       0.8000                            0.9900',
        'ct/aorta/5              0.7000       0.7500         0.0000 !',
        'mean within one study   0.8000       0.7750  0.0000 (1 of 2)  0.9900 (1 of 2)',
        'ct1-to-ct2/liver/5                        –           0.6000',
        'mean across studies          –            –           0.6000                –',
        '',
      ].join('\n'),
    );
  });

  it('has no lines for a kind of which there is no case', () => {
    const within = new Results(CASES.slice(0, 1), ['paper'], []);
    expect(iouCells(within).map(([name]) => name)).toEqual([
      'IoU',
      'ct/liver/5',
      'mean within one study',
    ]);
  });
});

describe('methodCells', () => {
  it('means distances, times and memory over the cases of one kind', () => {
    expect(methodCells(results, 'within')[1]).toEqual([
      'context',
      '0.8000',
      '0.6667',
      '0.5000',
      '1.50',
      '4.00',
      '10.0',
      '20.0',
      '3.0',
      '900',
    ]);
    expect(methodCells(results, 'across')[1].slice(1)).toEqual(Array(9).fill('–'));
  });
});

describe('checks', () => {
  it('compares context with the best other method that does not see the truth', () => {
    expect(checks(results)).toEqual([
      'context less the best other method (interpolate), mean IoU within one study: +0.0250 (2 cases)',
      'context less sam-box, which sees the truth, within one study: -0.0900 (1 case)',
      'context less interpolate, worst case: -0.0500 (ct/aorta/5)',
      'context: Spearman correlation of confidence with true Dice 1.000 (2 slices)',
      'context: mean |expected - true Dice| 0.0833 (1 case)',
    ]);
  });

  it('compares across studies the variants of paper with the others, not with each other', () => {
    const methods = ['paper', 'paper-context', 'linear'];
    const rows = [0.6, 0.7, 0.55].map((iou, i) => row(across, methods[i], { iou }));
    expect(checks(new Results(CASES, methods, rows))).toEqual([
      'paper less the best other method (linear), mean IoU across studies: +0.0500 (1 case)',
      'paper-context less the best other method (linear), mean IoU across studies: +0.1500 (1 case)',
    ]);
  });

  it('says how much the fast variant loses', () => {
    const rows = [0.8, 0.79].map((iou, i) => row(liver, ['context', 'context-fast'][i], { iou }));
    expect(checks(new Results(CASES, ['context', 'context-fast'], rows))).toEqual([
      'context-fast less context, mean IoU within one study: -0.0100 (1 case)',
    ]);
  });

  it('says nothing of what was not run', () => {
    expect(checks(new Results(CASES, ['paper'], [row(liver, 'paper')]))).toEqual([]);
  });
});

describe('failures', () => {
  it('names case, method and reason; what a method cannot do is no failure', () => {
    expect(failures(results)).toEqual([
      'ct/aorta/5 paper: The structure was found on none of the 15 slices.',
    ]);
  });
});

describe('markdownTable', () => {
  it('sets figures to the right', () => {
    expect(
      markdownTable([
        ['IoU', 'paper'],
        ['ct/liver/5', '0.9'],
      ]),
    ).toBe('| IoU | paper |\n| --- | ---: |\n| ct/liver/5 | 0.9 |\n');
  });
});
