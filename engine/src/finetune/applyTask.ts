import { FewshotError, throwIfCancelled } from '../platform/errors';
import { logitsToSlice, OUTSIDE_CROP_LOGIT } from '../sam/encoderFrame';
import { Mosaic } from '../image/tiles';
import type { IntensityWindow, Slice } from '../image/slice';
import { resolveWindow } from '../image/window';
import { phaseReporter } from '../platform/progress';
import { checkModel } from './checkModel';
import { createSegmenter } from './createSegmenter';
import { Embeddings } from '../job/embeddings';
import { taskEncoder } from './taskEncoder';
import { ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import type { PropagatedSlice } from '../job/job';
import type { PropagateOptions } from '../job/method';
import type { FinetuneParts } from './decoderEngine';
import { segmented } from '../job/segmented';
import type { Task } from './task';
import { cutSlice, viewRectangles } from './taskView';

/** A study without labels. */
export interface UnlabeledStudy {
  slices: Slice[];
  /** Slice indices to segment; by default all. */
  targets?: readonly number[];
  /** By default that of the task; percentiles are taken over these slices. */
  window?: IntensityWindow;
}

export interface AppliedTask {
  slices: PropagatedSlice[];
  seconds: { encode: number; propagate: number };
  embeddingsFromCache: number;
}

/**
 * Segments a learned structure in a study. Empty masks everywhere are a valid result.
 *
 * @throws FewshotError `bad-input` when the task was learned with another model or a target slice is missing
 *   or not grayscale; `bad-result`, `cancelled`
 */
export async function applyTask(
  task: Task,
  { slices, targets = slices.map(({ index }) => index), window }: UnlabeledStudy,
  parts: Omit<FinetuneParts, 'weights'>,
  { signal, onProgress }: PropagateOptions = {},
): Promise<AppliedTask> {
  throwIfCancelled(signal);
  const { metadata } = task;
  const { modelSha256, decoders, cache } = parts;
  checkModel(metadata, modelSha256);
  const { encoderSize = ENCODER_INPUT_SIZE } = metadata;
  const encoder = await taskEncoder(parts, encoderSize);
  const wanted = targetSlices(slices, targets);
  const resolved = resolveWindow(window ?? metadata.window, slices);
  const embeddings = new Embeddings(encoder, modelSha256, resolved, cache, encoderSize);
  const segmenter = await createSegmenter(task, decoders);
  const found: PropagatedSlice[] = [];
  let seconds = 0;
  try {
    const report = phaseReporter('propagate', wanted.length, onProgress);
    report(0);
    for (const slice of wanted) {
      throwIfCancelled(signal);
      const mosaic = new Mosaic(slice);
      for (const rectangle of viewRectangles(slice, resolved, metadata)) {
        const seen = await cutSlice(slice, rectangle, resolved);
        const { embedding, frame } = await embeddings.of(seen);
        throwIfCancelled(signal);
        const start = performance.now();
        mosaic.add(logitsToSlice(await segmenter.logits(embedding), frame), rectangle);
        seconds += (performance.now() - start) / 1000;
      }
      found.push(segmented(slice.index, mosaic.values(OUTSIDE_CROP_LOGIT)));
      report(found.length);
    }
  } finally {
    segmenter.dispose();
  }
  return {
    slices: found,
    seconds: { encode: embeddings.seconds, propagate: seconds },
    embeddingsFromCache: embeddings.fromCache,
  };
}

/**
 * Returns the slices to segment of a study without outlines.
 *
 * @throws FewshotError `bad-input` naming a missing slice, or one with the wrong number of values
 */
export function targetSlices(slices: readonly Slice[], targets: readonly number[]): Slice[] {
  if (targets.length === 0) {
    throw new FewshotError(
      'bad-input',
      'No slice of the study to segment was chosen.',
      'Choose a larger slice range.',
    );
  }
  const byIndex = new Map(slices.map(slice => [slice.index, slice]));
  return targets.map(index => {
    const slice = byIndex.get(index);
    if (!slice) {
      throw new FewshotError(
        'bad-input',
        `Slice ${index + 1} is not among the slices of the study to segment.`,
        'Pass every slice to segment.',
      );
    }
    const { rows, columns, pixels } = slice;
    if (pixels.length === rows * columns) return slice;
    throw new FewshotError(
      'bad-input',
      `Slice ${index + 1} of the study to segment has ${pixels.length} values for ${columns} x ${rows} pixels; one value per pixel is needed.`,
      'Choose a grayscale series.',
    );
  });
}
