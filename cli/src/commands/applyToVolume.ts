import { ALGORITHM } from 'fewshot-sam-dicom';
import { type Plane, planeOf, type Task, type TaskMetadata, type Volume } from 'fewshot-sam';
import {
  type AppliedTask,
  applyFollowed,
  applyTask,
  type PropagateParts,
} from 'fewshot-sam/compute';
import type { PropagateOptions, Slice } from 'fewshot-sam';
import type { ApplyArguments } from './applyArguments';
import { assembleMask } from './assembleMask';
import { cutSlices } from './prepareJob';
import type { Structure } from './writeResult';

/** What a task found in a volume. */
export interface AppliedVolume {
  applied: AppliedTask;
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
  { method, window }: Pick<ApplyArguments, 'method' | 'window'>,
  parts: PropagateParts,
  options: PropagateOptions,
): Promise<AppliedVolume> {
  const { metadata } = task;
  const plane = planeOf(image, metadata.axis);
  const slices = await cutSlices(image, plane);
  const { sliceSpacing } = plane;
  const study = { slices, window: window ?? metadata.window, sliceSpacing };
  const apply = method === 'paper-context' ? applyFollowed : applyTask;
  const applied = await apply(task, study, parts, options);
  const structure: Structure = {
    ...metadata.terms,
    label: metadata.name,
    value: 1,
    // Nothing was drawn on this study.
    algorithmType: 'AUTOMATIC',
    algorithm: { ...ALGORITHM, parameters: parametersOf(method, metadata) },
    mask: assembleMask(new Map(), applied.slices, image, plane),
  };
  return { applied, plane, slices, structure };
}

/** Describes how the structure was segmented, for the SEG. */
function parametersOf(method: string, { shots, iterations }: TaskMetadata): string {
  return `method ${method}; learned from ${shots} slices of other studies; ${iterations} iterations`;
}
