import type { PlaneName, TaskMetadata } from 'fewshot-sam';
import type { Obstacle } from '../session/state';

/** Properties of a study that decide whether a task fits it. */
export interface StudyFacts {
  modality: string;
  /** Acquired plane. */
  plane: PlaneName;
  /** Why it cannot be resliced; null if it can. */
  resliceObstacle: Obstacle | null;
  /** mm between rows and between columns, in the plane of the task if the study can be resliced. */
  spacingMm: [number, number];
  /** The larger side of a slice in that plane, mm. */
  extentMm: number;
}

/** How well a task fits a study. */
export interface TaskFit {
  /** Why it cannot be applied; null if it can. */
  refusal: Obstacle | null;
  /** Reasons to doubt the result. */
  warnings: string[];
}

/** A larger ratio of pixel sizes is a warning. */
const FAR_SPACING = 2.5;
/** A study smaller than this share of the task's field of view is a warning. */
const LEAST_FIELD = 0.7;

/** Whether a task fits a study. The model is checked when the task is read. */
export function taskFit(task: TaskMetadata, study: StudyFacts): TaskFit {
  const warnings: string[] = [];
  if (task.axis !== study.plane && study.resliceObstacle) {
    const { message, remedy } = study.resliceObstacle;
    return {
      refusal: {
        message: `The task was learned on ${task.axis} slices; this series has ${study.plane} ones. ${message}`,
        remedy: `Choose a series with ${task.axis} slices. ${remedy}`,
      },
      warnings,
    };
  }
  const modality = taskModality(task);
  if (modality && modality !== study.modality) {
    warnings.push(
      `It was learned on ${modality}; this series is ${study.modality || 'of unknown modality'}.`,
    );
  }
  if (task.axis !== study.plane) {
    warnings.push(
      `It was learned on ${task.axis} slices; this series has ${study.plane} ones and will be resliced.`,
    );
  }
  const ratio = Math.max(...study.spacingMm) / Math.max(...task.spacingMm);
  if (ratio > FAR_SPACING || ratio < 1 / FAR_SPACING) {
    const size = (pair: readonly number[]) => `${Number(Math.max(...pair).toFixed(2))} mm`;
    warnings.push(
      `It was learned on pixels ${size(task.spacingMm)} wide; here they are ${size(study.spacingMm)}.`,
    );
  }
  if (study.extentMm < LEAST_FIELD * task.fieldOfViewMm) {
    warnings.push(
      `Its field of view is ${Math.round(task.fieldOfViewMm)} mm; this series shows only ${Math.round(study.extentMm)} mm.`,
    );
  }
  return { refusal: null, warnings };
}

/** Tasks of the command line lack a modality, but a window with negative values means CT (HU). */
export function taskModality({ modality, window }: TaskMetadata): string | null {
  return modality ?? (window.kind === 'clip' && window.low < 0 ? 'CT' : null);
}
