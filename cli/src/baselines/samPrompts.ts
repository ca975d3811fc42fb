import {
  FewshotError,
  type Mask,
  type Method,
  phaseReporter,
  type PropagatedSlice,
  resolveWindow,
  throwIfCancelled,
} from 'fewshot-sam';
import { Embeddings, keptProbability, logitsToSlice, targetSlices } from 'fewshot-sam/compute';
import { PromptedDecoder, type Prompts } from 'fewshot-sam/tensorflow';
import { idealPrompts, type IdealPrompts } from './idealPrompts';
import { wantedSlices } from './wantedSlices';

/** SAM with an ideal positive point for each connected part of the truth, slice by slice. */
export const samPoint: Method = promptedMethod('sam-point', ({ point }) => ({ points: [point] }));

/** SAM with the tight box of each connected part of the truth, slice by slice. */
export const samBox: Method = promptedMethod('sam-box', ({ box }) => ({ box }));

/**
 * Makes a method that derives prompts from the truth of every slice, as Xie et al. did for comparison: SAM
 * without any learning. Returns the union of the masks of all parts of a slice.
 */
function promptedMethod(name: string, choose: (ideal: IdealPrompts) => Prompts): Method {
  return async (job, { encoder, modelSha256, weights, cache }, { signal, onProgress } = {}) => {
    throwIfCancelled(signal);
    // In other studies the labeled slices play no part, however few there are.
    const wanted = job.test ? targetSlices(job.test.slices, job.targets) : wantedSlices(job);
    const truths = wanted.map(({ index, rows, columns }) =>
      truthOf(name, job.truth, index, rows * columns),
    );
    const { slices, window } = job.test ?? job;
    const embeddings = new Embeddings(encoder, modelSha256, resolveWindow(window, slices), cache);
    const decoder = new PromptedDecoder(weights);
    const results: PropagatedSlice[] = [];
    let segmentSeconds = 0;
    try {
      const report = phaseReporter('propagate', wanted.length, onProgress);
      report(0);
      for (const [i, slice] of wanted.entries()) {
        throwIfCancelled(signal);
        const truth = truths[i];
        const mask: Mask = new Uint8Array(truth.length);
        const probability = new Float32Array(truth.length);
        if (truth.some(value => value !== 0)) {
          const { embedding, frame } = await embeddings.of(slice);
          const start = performance.now();
          for (const ideal of idealPrompts(truth, slice, frame)) {
            throwIfCancelled(signal);
            const { logits } = await decoder.segment(embedding, choose(ideal));
            unite(logitsToSlice(logits, frame), mask, probability);
          }
          segmentSeconds += (performance.now() - start) / 1000;
        }
        results.push({ index: slice.index, mask, probability: keptProbability(probability) });
        report(results.length);
      }
    } finally {
      decoder.dispose();
    }
    throwIfCancelled(signal);
    return {
      slices: results,
      iterations: 0,
      losses: [],
      seconds: { encode: embeddings.seconds, fit: 0, propagate: segmentSeconds },
      embeddingsFromCache: embeddings.fromCache,
    };
  };
}

function truthOf(
  name: string,
  truth: ReadonlyMap<number, Mask> | undefined,
  index: number,
  pixels: number,
): Mask {
  const mask = truth?.get(index);
  if (mask?.length === pixels) return mask;
  throw new FewshotError(
    'bad-input',
    mask
      ? `The true mask of slice ${index + 1} has ${mask.length} values for ${pixels} pixels.`
      : `The method ${name} needs the true mask of slice ${index + 1} to derive its prompts.`,
    'Give labels of every wanted slice, an empty mask where the structure is absent.',
  );
}

function unite(logits: Float32Array, mask: Mask, probability: Float32Array): void {
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] > 0) mask[i] = 1;
    probability[i] = Math.max(probability[i], 1 / (1 + Math.exp(-logits[i])));
  }
}
