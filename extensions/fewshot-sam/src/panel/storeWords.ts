import type { StoreStep } from '../session/state';

/** What a storing is doing, in the user's words. */
export function storeWords(step: StoreStep): string {
  switch (step.phase) {
    case 'making':
      return 'Making the DICOM SEG';
    case 'sending':
      return step.attempt > 1
        ? `Sending to the archive, try ${step.attempt} of ${step.attempts}`
        : 'Sending to the archive';
    case 'waiting':
      return `Archive not ready; try ${step.attempt} of ${step.attempts} in ${step.seconds} s`;
    case 'confirming':
      return 'Looking for it in the archive';
    case 'stopping':
      return 'Stopping';
  }
}
