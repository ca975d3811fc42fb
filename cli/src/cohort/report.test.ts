import { createHash } from 'node:crypto';
import { reportCsv, reportRows } from './report';
import { reportPage, viewerLink } from './reportPage';
import { type CohortRow, type CohortSpec, emptyRow } from './rows';

const TASK = { sha256: 'aa', name: '=Liver "<b>"' };
const SPEC: CohortSpec = {
  ...{ id: 'c0ffee', version: '1', tasks: [TASK], store: true, method: 'paper' },
  ...{ minSlices: 5, maxSlices: 100, seriesFilters: [] },
};

const row = (uid: string, change: Partial<CohortRow>): CohortRow => ({
  ...emptyRow({ uid, date: '20260131' }, TASK, 'stored'),
  ...{ slices: 20, slicesWithStructure: 8, expectedDice: 0.95, volumeMl: 1500 },
  ...change,
});

const ROWS = [
  ...Array.from({ length: 9 }, (_, i) => row(`1.${i}`, { volumeMl: 1500 + i })),
  row('2.1', { state: 'passed-over', slices: null, volumeMl: null, reason: 'MR, not CT' }),
  row('2.2', { volumeMl: 90 }),
  row('2.3', { expectedDice: 0.6 }),
  row('2.4', { slicesWithStructure: 0, expectedDice: null, volumeMl: 0 }),
  row('2.5', { state: 'failed', reason: 'The series, "cut off"', kind: 'images' }),
];

it('puts first what should be looked at', () => {
  const looks = reportRows(ROWS).map(({ study, look }) => [study, look]);
  expect(looks.slice(0, 5)).toEqual([
    ['2.5', 'failed'],
    ['2.4', 'nothing found'],
    ['2.3', 'low expected Dice'],
    ['2.2', 'unusual volume'],
    ['1.0', null],
  ]);
});

it('writes CSV that no spreadsheet takes for a formula', () => {
  const [head, first] = reportCsv(reportRows(ROWS)).split('\r\n');
  expect(head).toMatch(/^study,study_date,series,task,state,look_at_this,reason,kind,volume_ml/);
  expect(first).toContain('"\'=Liver ""<b>"""');
  expect(first).toContain('"The series, ""cut off"""');
});

it('is one page that may load nothing, whose script alone may run', () => {
  const page = reportPage(SPEC, reportRows(ROWS), 'https://viewer/');
  const [, script] = /<script>([^]*)<\/script>/.exec(page)!;
  const hash = createHash('sha256').update(script).digest('base64');
  expect(page).toContain("default-src 'none'");
  expect(page).toContain(`script-src 'sha256-${hash}'`);
  expect(page).not.toMatch(/<(link|iframe)|(?<!a )(src|href)="(?!data:)http/);
  expect(page).not.toContain('<b>"');
  expect(page).toContain('https://viewer/fewshot?StudyInstanceUIDs=2.5');
});

it('opens the study in our mode, with the series that was segmented', () => {
  expect(viewerLink('https://viewer/', { study: '1.2', series: '1.2.7' })).toBe(
    'https://viewer/fewshot?StudyInstanceUIDs=1.2&initialSeriesInstanceUID=1.2.7',
  );
});
