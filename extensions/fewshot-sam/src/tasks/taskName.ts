import type { Instance } from '../host/ohif';
import type { Obstacle } from '../session/state';

/** Shorter parts of a patient's name are ignored: they identify nobody. */
const FEWEST_LETTERS = 3;
const LONGEST = 64;

/** Patient's name and ID of the study shown, which a task name must not contain. */
export interface PatientWords {
  /** As DICOM writes it, e.g. `Doe^Jane`. */
  name: string;
  id: string;
}

/**
 * Why a name cannot be used for a task; null if it can.
 *
 * @param others names in use
 */
export function nameObstacle(
  name: string,
  others: readonly string[],
  patient: PatientWords,
): Obstacle | null {
  const wanted = name.trim();
  if (wanted === '') {
    return { message: 'The task has no name.', remedy: 'Name the structure, e.g. Liver.' };
  }
  if (wanted.length > LONGEST) {
    return {
      message: `The name has ${wanted.length} characters.`,
      remedy: `Use at most ${LONGEST}.`,
    };
  }
  if (others.some(other => same(other, wanted))) {
    return {
      message: `There is already a task named “${wanted}”.`,
      remedy: 'Choose another name, or delete that task first.',
    };
  }
  const found = [...patient.name.split(/[\s^=,]+/), patient.id.trim()].find(
    word => word.length >= FEWEST_LETTERS && words(wanted).includes(word.toLowerCase()),
  );
  if (found) {
    return {
      message: `“${found}” is the name or ID of this patient.`,
      remedy: 'Name the structure instead: tasks are used for other patients and in other viewers.',
    };
  }
  return null;
}

/** The name, with a number appended if it is in use. */
export function freeName(name: string, others: readonly string[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!others.some(other => same(other, candidate))) return candidate;
  }
}

/** Name of the file that a task is exported to. */
export function taskFileName(name: string): string {
  const safe = name
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  return `${safe || 'structure'}.task`;
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
const words = (text: string) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);

/** Name and ID of the patient, in whatever form the viewer keeps them (PS3.5, 6.2.1). */
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
