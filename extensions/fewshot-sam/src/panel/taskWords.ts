import type { RunProgress } from '../session/state';
import type { TaskSummary } from '../tasks/state';
import { diceWords, plural } from './words';

/** "Propagating Liver", "Learning Liver", "Looking for Liver". */
export function runWords({ activity, structure }: Pick<RunProgress, 'activity' | 'structure'>) {
  const { label } = structure;
  if (activity === 'learn') return `Learning ${label}`;
  return activity === 'apply' ? `Looking for ${label}` : `Propagating ${label}`;
}

/** Whether tasks come before the introduction: one fits the series, and nothing is outlined yet. */
export function tasksComeFirst(tasks: readonly Pick<TaskSummary, 'fit'>[], isOutlined: boolean) {
  return !isOutlined && tasks.some(({ fit }) => fit !== null && !fit.refusal);
}

/** "CT · axial · 5 slices of 2 studies". */
export function factWords({ modality, plane, slices, studies }: TaskSummary): string {
  const from = studies && studies > 1 ? ` of ${plural(studies, 'study').replace('ys', 'ies')}` : '';
  return [modality, plane, `${plural(slices, 'slice')}${from}`].filter(Boolean).join(' · ');
}

/** "Dice 0.91 on left-out slices". */
export function scoreWords(leaveOneOut: number | null): string {
  if (leaveOneOut === null) return 'accuracy not measured';
  return `Dice ${diceWords(leaveOneOut)} on left-out slices`;
}

/** "25 Nov 2026", in the reader's locale. */
export function dateWords(savedAt: number): string {
  return new Date(savedAt).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** "about 40 s", "about 3 min": a rough estimate. */
export function aboutWords(seconds: number): string {
  if (seconds < 55) return `about ${Math.max(1, Math.ceil(seconds / 10)) * 10} s`;
  return `about ${Math.max(1, Math.round(seconds / 60))} min`;
}

/** "52 MB". */
export function sizeWords(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
