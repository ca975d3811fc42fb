import { throwIfCancelled } from '../platform/errors';
import { phaseReporter } from '../platform/progress';
import { resolveWindow } from '../image/window';
import type { AppliedStudy, Learner, PropagateOptions } from '../job/method';
import { acrossStudiesOnly, ready } from '../job/fromOneStudy';
import { PLAIN_PRODUCTS } from '../context/featureProducts';
import { targetSlices, type UnlabeledStudy } from '../finetune/applyTask';
import { checkModel } from '../finetune/checkModel';
import { viewRectangles } from '../finetune/taskView';
import type { PropagatedSlice } from '../job/job';
import { finishImage, type FoundPart } from './finishImage';
import { finishVolume, foundSlice, type FoundSlice } from './finishVolume';
import { headSegmenter } from './head';
import { headView, logitsToFine } from './headInput';
import { executorOf, headEmbeddings, learnHeadTask, type HeadParts } from './learnHead';
import type { HeadTask } from './task';

/**
 * Finds a structure in a study that heads learned in others. That it is nowhere is a valid answer.
 *
 * @throws FewshotError as `applyTask`; `backend-unusable`
 */
export async function applyHead(
  { metadata, model }: HeadTask,
  {
    slices,
    targets = slices.map(({ index }) => index),
    window = metadata.window,
    sliceSpacing,
  }: UnlabeledStudy & { sliceSpacing?: number },
  parts: HeadParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<AppliedStudy> {
  throwIfCancelled(signal);
  checkModel(metadata, parts.modelSha256);
  const wanted = targetSlices(slices, targets);
  const resolved = resolveWindow(window, slices);
  const embeddings = (await headEmbeddings(metadata, parts))(resolved);
  const products = parts.products ?? PLAIN_PRODUCTS;
  const segmenter = await headSegmenter(model, products, executorOf(parts));
  const found: FoundSlice[] = [];
  const images: PropagatedSlice[] = [];
  let seconds = 0;
  try {
    const report = phaseReporter('propagate', wanted.length, onProgress);
    report(0);
    for (const [done, slice] of wanted.entries()) {
      const parts: FoundPart[] = [];
      for (const rectangle of viewRectangles(slice, resolved, metadata)) {
        throwIfCancelled(signal);
        const seen = await headView(slice, resolved, rectangle, embeddings);
        const start = performance.now();
        const fine = logitsToFine(await segmenter.logits(seen));
        parts.push({ fine, gray: seen.gray, rectangle });
        seconds += (performance.now() - start) / 1000;
      }
      const start = performance.now();
      if (metadata.tiled) images.push(finishImage(parts, slice, model));
      else found.push(foundSlice(parts[0], slice));
      seconds += (performance.now() - start) / 1000;
      report(done + 1);
    }
  } finally {
    segmenter.dispose();
  }
  const start = performance.now();
  const finished = metadata.tiled
    ? { slices: images, expectedDice: images.length === 1 ? images[0].confidence : undefined }
    : finishVolume(found, slices[0], sliceSpacing, model);
  seconds += (performance.now() - start) / 1000;
  return {
    ...finished,
    seconds: { encode: embeddings.seconds, propagate: seconds },
    embeddingsFromCache: embeddings.fromCache,
  };
}

/** `head` from one study or several, for others. */
export const learnHead: Learner<HeadParts> = async (
  studies,
  { iterations, seed, images },
  parts,
  options,
) => {
  // The axis is known to the caller that cut the slices; it plays no part here.
  const learned = await learnHeadTask(
    studies.map(study => ({ ...study, axis: 'axial' })),
    { name: 'structure', iterations, seed, images },
    parts,
    options,
  );
  return ready(learned, (task, study, applying) => applyHead(task, study, parts, applying));
};

/** The same from one study, for another. */
export const head = acrossStudiesOnly('head', learnHead);
