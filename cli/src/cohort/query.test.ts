import { isMatch, mismatch, parseQuery, searchParameters } from './query';

it('sorts filters by level', () => {
  const { study, series } = parseQuery(
    'ModalitiesInStudy=CT&00081030=*ABDOMEN*&SeriesDescription=axial',
    '20260101',
  );
  expect(study.map(({ keyword, values }) => [keyword, values])).toEqual([
    ['ModalitiesInStudy', ['CT']],
    ['StudyDescription', ['*ABDOMEN*']],
    ['StudyDate', ['20260101-']],
  ]);
  expect(series.map(({ keyword }) => keyword)).toEqual(['SeriesDescription']);
});

it.each([
  ['StudyDescripton=x', /filter StudyDescripton cannot be checked/],
  ['fuzzymatching=true', /fuzzymatching cannot be checked/],
  ['limit=5', /limit cannot be checked/],
  ['PatientID=', /PatientID has no value/],
  ['StudyDate=2026', /value of StudyDate is not valid/],
  ['StudyDate=20260230', /value of StudyDate is not valid/],
  ['StudyInstanceUID=1.2;3', /value of StudyInstanceUID is not valid/],
  ['Modality=CT&Modality=MR', /Modality is given twice/],
])('refuses %s', (text, message) => {
  expect(() => parseQuery(text)).toThrow(message);
});

it('never repeats a value, which may name a patient', () => {
  expect(() => parseQuery('PatientBirthDate=Doe')).toThrow(/^((?!Doe).)*$/);
});

it('asks for each UID on its own: of several, archives take the last', () => {
  const query = parseQuery('StudyInstanceUID=1.2,1.3&StudyInstanceUID=1.4');
  const asked = searchParameters(query).map(parameters => parameters.get('StudyInstanceUID'));
  expect(asked).toEqual(['1.2', '1.3', '1.4']);
});

it('sends letters outside ASCII as *, by which archives find them, and checks them itself', () => {
  const query = parseQuery('PatientName=M%C3%BCller*');
  expect(searchParameters(query)[0].get('PatientName')).toBe('M*ller*');
  const named = (name: string) => ({ '00100010': { Value: [{ Alphabetic: name }] } });
  expect(mismatch(named('Müller^Jana'), query.study)).toBeUndefined();
  expect(mismatch(named('Moller^Jana'), query.study)?.keyword).toBe('PatientName');
});

it('does not send ModalitiesInStudy, by which Orthanc loses all pages but the first', () => {
  const query = parseQuery('ModalitiesInStudy=CT&StudyDescription=x');
  expect(searchParameters(query)[0].toString()).toBe(
    'includefield=00080061&includefield=00081030&StudyDescription=x',
  );
  const modalities = (...values: string[]) => ({
    '00080061': { Value: values },
    '00081030': { Value: ['x'] },
  });
  expect(mismatch(modalities('SEG', 'CT'), query.study)).toBeUndefined();
  expect(mismatch(modalities('MR'), query.study)?.keyword).toBe('ModalitiesInStudy');
});

it('matches nothing without the attribute: an answer that cannot be checked', () => {
  expect(mismatch({}, parseQuery('StudyDescription=*').study)?.keyword).toBe('StudyDescription');
});

it.each([
  ['CT ABDOMEN', '*abdomen*', 'text', true],
  ['CT ABDOMEN', 'ABDOMEN', 'text', false],
  ['A.B', 'A?B', 'text', true],
  ['AxB', 'A.B', 'text', false],
  ['Doe^Jane^^', 'doe^jane', 'name', true],
  ['20260115', '20260101-20260131', 'date', true],
  ['20260201', '20260101-20260131', 'date', false],
  ['20260201', '20260101-', 'date', true],
  ['20251231', '20260101-', 'date', false],
  ['20251231', '-20260101', 'date', true],
  ['20260115', '20260115', 'date', true],
  ['', '20260101-', 'date', false],
  ['101112.5', '10', 'time', true],
  ['101112.5', '09-10', 'time', true],
  ['111112', '09-10', 'time', false],
  ['003', '3', 'number', true],
  ['1.2.30', '1.2.3', 'uid', false],
] as const)('%s against %s (%s): %s', (value, wanted, matching, is) => {
  expect(isMatch(value, wanted, matching)).toBe(is);
});
