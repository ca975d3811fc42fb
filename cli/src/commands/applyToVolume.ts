import { ALGORITHM } from 'fewshot-sam-dicom';
import {
  type AppliedStudy,
  type Plane,
  planeOf,
  type PropagateOptions,
  type Slice,
  type TaskMetadata,
  type Volume,
} from 'fewshot-sam';
import {
  applyTask,
  type ApplyMethod,
  methodOf,
  type PropagateParts,
  type Task,
} from 'fewshot-sam/compute';
import type { ApplyArguments } from './applyArguments';
import { assembleMask } from './assembleMask';
import { cutSlices } from './prepareJob';
import type { Structure } from './writeResult';

/** What a task found in a volume. */
export interface AppliedVolume {
  applied: AppliedStudy;
  /** By which it was found. */
  method: ApplyMethod;
  plane: Plane;
  /** Slices of the plane. */
  slices: Slice[];
  /** Named as the task names it, with its mask on the volume's grid. */
  structure: Structure;
}

/**
 * Finds a task's structure in a volume without outlines.
 *
 * @throws FewshotError as `applyTask`; `bad-geometry` when the volume has no slices in the task's plane
 */
export async function applyToVolume(
  task: Task,
  image: Volume,
  { method = methodOf(task), window }: Pick<ApplyArguments, 'method' | 'window'>,
  parts: PropagateParts,
  options: PropagateOptions,
): Promise<AppliedVolume> {
  const { metadata } = task;
  const plane = planeOf(image, metadata.axis);
  const slices = await cutSlices(image, plane);
  const { sliceSpacing } = plane;
  const study = { slices, window: window ?? metadata.window, sliceSpacing };
  const applied = await applyTask(task, study, parts, options, method);
  const structure: Structure = {
    ...metadata.terms,
    label: metadata.name,
    value: 1,
    // Nothing was drawn on this study.
    algorithmType: 'AUTOMATIC',
    algorithm: { ...ALGORITHM, parameters: parametersOf(method, metadata) },
    mask: assembleMask(new Map(), applied.slices, image, plane),
  };
  return { applied, method, plane, slices, structure };
}

/** Describes how the structure was segmented, for the SEG. */
function parametersOf(method: string, { shots, iterations }: TaskMetadata): string {
  return `method ${method}; learned from ${shots} slices of other studies; ${iterations} iterations`;
}
