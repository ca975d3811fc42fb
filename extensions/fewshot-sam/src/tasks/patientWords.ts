import type { Instance } from '../host/ohif';
import type { PatientWords } from './taskName';

/** Name and ID of the patient, in whichever shape the viewer keeps them (PS3.5, 6.2.1). */
export function patientWords(instance: Instance | undefined): PatientWords {
  return { name: text(instance?.PatientName), id: text(instance?.PatientID) };
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join('^');
  if (typeof value !== 'object' || value === null) return '';
  const { Alphabetic, Ideographic, Phonetic } = value as Record<string, unknown>;
  return [Alphabetic, Ideographic, Phonetic].map(text).filter(Boolean).join('^');
}
