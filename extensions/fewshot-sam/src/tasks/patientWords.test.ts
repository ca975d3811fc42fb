import { patientWords } from './patientWords';

const instance = (PatientName: unknown, PatientID: unknown = 'A1') => ({
  SOPInstanceUID: '1',
  SOPClassUID: '1',
  PatientName,
  PatientID,
});

it.each([
  ['text', 'Doe^Jane', 'Doe^Jane'],
  ['an object', { Alphabetic: 'Doe^Jane' }, 'Doe^Jane'],
  ['a list', [{ Alphabetic: 'Doe^Jane', Ideographic: '某' }], 'Doe^Jane^某'],
  ['missing', undefined, ''],
])('reads a name that is %s', (_, value, name) => {
  expect(patientWords(instance(value))).toEqual({ name, id: 'A1' });
});
