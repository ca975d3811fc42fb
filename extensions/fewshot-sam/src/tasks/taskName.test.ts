import { freeName, nameObstacle, patientWords, taskFileName } from './taskName';

const patient = { name: 'Doe^Jane', id: '4711-A' };
const obstacle = (name: string, id = patient.id) =>
  nameObstacle(name, ['Aorta'], { ...patient, id })?.message ?? null;

describe('name of a task', () => {
  it('is a structure', () => {
    expect(obstacle('Liver')).toBeNull();
    expect(obstacle(' ')).toBe('The task has no name.');
    expect(obstacle('aorta ')).toBe('There is already a task named “aorta”.');
    expect(obstacle('x'.repeat(65))).toBe('The name has 65 characters.');
  });

  it('is not a patient', () => {
    expect(obstacle('Liver of JANE')).toBe('“Jane” is the name or ID of this patient.');
    expect(obstacle('Liver (doe)')).toBe('“Doe” is the name or ID of this patient.');
    expect(obstacle('Liver 4711', '4711')).toBe('“4711” is the name or ID of this patient.');
    // Part of a word is no name.
    expect(obstacle('Doen')).toBeNull();
  });

  it('gets a number when it is taken', () => {
    expect(freeName('Aorta', ['aorta', 'Aorta 2'])).toBe('Aorta 3');
    expect(freeName('Liver', ['Aorta'])).toBe('Liver');
  });

  it('becomes a file name', () => {
    expect(taskFileName('Inferior vena cava')).toBe('Inferior vena cava.task');
    expect(taskFileName('../a:b\u0000c')).toBe('a b c.task');
    expect(taskFileName('..')).toBe('structure.task');
  });
});

const instanceOf = (PatientName: unknown, PatientID: unknown = 'A1') => ({
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
  expect(patientWords(instanceOf(value))).toEqual({ name, id: 'A1' });
});
