import type { PlaneName, TaskMetadata } from 'fewshot-sam';
import type { Obstacle } from '../session/state';

/** What of a study decides whether a task suits it. */
export interface StudyFacts {
  modality: string;
  /** In which it was acquired. */
  plane: PlaneName;
  /** Why it can be cut only as it was acquired; null when it can be cut along any axis. */
  resliceObstacle: Obstacle | null;
  /** mm between rows and between columns, in the plane of the task where that can be had. */
  spacingMm: [number, number];
  /** The larger side of a slice in that plane, mm. */
  extentMm: number;
}

/** How a task and a study go together. */
export interface TaskFit {
  /** Why it cannot be applied; null when it can. */
  refusal: Obstacle | null;
  /** What speaks against it though it can be. */
  warnings: string[];
}

/** Pixels that differ by more than this factor show another amount of detail. */
const FAR_SPACING = 2.5;
/** A study that shows less than this share of what the task looks at. */
const LEAST_FIELD = 0.7;

/** Whether a task suits a study. The model is checked when the task is read. */
export function taskFit(task: TaskMetadata, study: StudyFacts): TaskFit {
  const warnings: string[] = [];
  if (task.axis !== study.plane && study.resliceObstacle) {
    const { message, remedy } = study.resliceObstacle;
    return {
      refusal: {
        message: `The task was learned on ${task.axis} slices, this series has ${study.plane} ones. ${message}`,
        remedy: `Choose a series with ${task.axis} slices. ${remedy}`,
      },
      warnings,
    };
  }
  const modality = taskModality(task);
  if (modality && modality !== study.modality) {
    warnings.push(
      `It was learned on ${modality}, this series is ${study.modality || 'of unknown modality'}.`,
    );
  }
  if (task.axis !== study.plane) {
    warnings.push(
      `It was learned on ${task.axis} slices; this series was acquired in ${study.plane} ones and is cut anew for it.`,
    );
  }
  const ratio = Math.max(...study.spacingMm) / Math.max(...task.spacingMm);
  if (ratio > FAR_SPACING || ratio < 1 / FAR_SPACING) {
    const size = (pair: readonly number[]) => `${Number(Math.max(...pair).toFixed(2))} mm`;
    warnings.push(
      `Its pixels were ${size(task.spacingMm)} wide, here they are ${size(study.spacingMm)}.`,
    );
  }
  if (study.extentMm < LEAST_FIELD * task.fieldOfViewMm) {
    warnings.push(
      `It looks at ${Math.round(task.fieldOfViewMm)} mm, this series shows only ${Math.round(study.extentMm)} mm.`,
    );
  }
  return { refusal: null, warnings };
}

/** Tasks of the command line do not know their modality, but a window in HU is one of CT. */
export function taskModality({ modality, window }: TaskMetadata): string | null {
  return modality ?? (window.kind === 'clip' && window.low < 0 ? 'CT' : null);
}
