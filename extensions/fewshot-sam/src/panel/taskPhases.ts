import type { Phase } from 'fewshot-sam';
import type { TaskActivity } from '../session/state';

/** What learning and applying go through, in the user's words. */
export const TASK_PHASES: Record<TaskActivity, { phase: Phase; words: string }[]> = {
  learn: [
    { phase: 'model', words: 'Loading the model' },
    { phase: 'encode', words: 'Looking at the outlined slices' },
    { phase: 'fit', words: 'Learning the structure' },
  ],
  apply: [
    { phase: 'model', words: 'Loading the model' },
    { phase: 'encode', words: 'Looking for it on each slice' },
    { phase: 'propagate', words: 'Following it through the slices' },
  ],
};

export function taskPhaseWords(activity: TaskActivity, phase: Phase): string {
  return TASK_PHASES[activity].find(step => step.phase === phase)?.words ?? '';
}
