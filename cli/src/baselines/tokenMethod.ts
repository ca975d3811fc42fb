import {
  type AppliedStudy,
  type FewshotStudy,
  type JobParts,
  type Learned,
  type Learner,
  type Method,
  phaseReporter,
  type PropagatedSlice,
  type PropagateOptions,
  resolveWindow,
  type Slice,
  throwIfCancelled,
} from 'fewshot-sam';
import {
  checkJob,
  checkLabeled,
  fromOneStudy,
  EMBEDDING_SIZE,
  Embeddings,
  logitsToSlice,
  maskToLowRes,
  segmented,
  targetSlices,
  tokenCoverage,
} from 'fewshot-sam/compute';
import { tokensToLowRes } from './tokensToLowRes';

/** One labeled slice as image tokens. */
export interface LabeledTokens {
  /** [channels, tokens] */
  embedding: Float32Array;
  /** [tokens] fraction of each token's area that is foreground, 0..1. */
  coverage: Float32Array;
  /** [tokens] fraction of each token's area that holds image, 0..1; at least the coverage. */
  valid: Float32Array;
}

/** A classifier learned from the labeled slices. */
export interface TokenClassifier {
  /** @returns [tokens], positive inside the structure */
  logits(embedding: Float32Array): Float32Array;
  /** Training loss at each update; empty when nothing is trained. */
  losses: number[];
}

export interface LearnOptions {
  signal?: AbortSignal;
  /** Called with the steps done and their number. */
  onStep?: (done: number, total: number) => void;
}

export type LearnTokens = (
  shots: readonly LabeledTokens[],
  options: LearnOptions,
) => Promise<TokenClassifier>;

/**
 * Makes a method that classifies each image token by its own embedding: learning on SAM's frozen features
 * without SAM's decoder.
 */
export function tokenMethod(learn: LearnTokens): { method: Method; learner: Learner } {
  const learner: Learner = async (studies, _settings, parts, options = {}) => {
    checkLabeled(studies);
    const { learned, classifier } = await learnStudies(learn, studies, parts, options);
    return {
      ...learned,
      apply: (study, applyOptions) => {
        const { targets = study.slices.map(({ index }) => index) } = study;
        const wanted = targetSlices(study.slices, targets);
        return applyTo(classifier, wanted, embeddingsOf(study, parts), applyOptions);
      },
    };
  };
  const method: Method = async (job, parts, options = {}) => {
    throwIfCancelled(options.signal);
    // Every slice of a study to learn from may be labeled; one to segment needs targets.
    const targets = job.test ? job.targets : checkJob(job).map(({ index }) => index);
    return fromOneStudy(learner, { ...job, targets, test: job.test ?? job }, parts, options);
  };
  return { method, learner };
}

function embeddingsOf(
  { slices, window }: Pick<FewshotStudy, 'slices' | 'window'>,
  { encoder, modelSha256, cache }: JobParts,
): Embeddings {
  return new Embeddings(encoder, modelSha256, resolveWindow(window, slices), cache);
}

async function learnStudies(
  learn: LearnTokens,
  studies: readonly FewshotStudy[],
  parts: JobParts,
  { signal, onProgress }: PropagateOptions,
): Promise<{ learned: Omit<Learned, 'apply'>; classifier: TokenClassifier }> {
  throwIfCancelled(signal);
  const shots: LabeledTokens[] = [];
  const count = studies.reduce((sum, { labels }) => sum + labels.size, 0);
  const reportEncode = phaseReporter('encode', count, onProgress);
  reportEncode(0);
  const seconds = { encode: 0, fit: 0 };
  let embeddingsFromCache = 0;
  for (const study of studies) {
    const embeddings = embeddingsOf(study, parts);
    for (const slice of study.slices) {
      const mask = study.labels.get(slice.index);
      if (!mask) continue;
      throwIfCancelled(signal);
      const { embedding, frame } = await embeddings.of(slice);
      const { coverage, valid } = maskToLowRes(mask, frame);
      shots.push({
        embedding,
        coverage: tokenCoverage(coverage, EMBEDDING_SIZE),
        valid: tokenCoverage(valid, EMBEDDING_SIZE),
      });
      reportEncode(shots.length);
    }
    seconds.encode += embeddings.seconds;
    embeddingsFromCache += embeddings.fromCache;
  }
  throwIfCancelled(signal);
  const start = performance.now();
  let reportFit: ((done: number) => void) | undefined;
  const classifier = await learn(shots, {
    signal,
    onStep: (done, total) => (reportFit ??= phaseReporter('fit', total, onProgress))(done),
  });
  seconds.fit = secondsSince(start);
  throwIfCancelled(signal);
  const { losses } = classifier;
  return {
    learned: { iterations: losses.length, losses, seconds, embeddingsFromCache },
    classifier,
  };
}

async function applyTo(
  classifier: TokenClassifier,
  wanted: readonly Slice[],
  embeddings: Embeddings,
  { signal, onProgress }: PropagateOptions = {},
): Promise<AppliedStudy> {
  const slices: PropagatedSlice[] = [];
  let propagate = 0;
  const report = phaseReporter('propagate', wanted.length, onProgress);
  report(0);
  for (const slice of wanted) {
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(slice);
    const start = performance.now();
    const lowRes = tokensToLowRes(classifier.logits(embedding), frame);
    slices.push(segmented(slice.index, logitsToSlice(lowRes, frame)));
    propagate += secondsSince(start);
    report(slices.length);
  }
  throwIfCancelled(signal);
  return {
    slices,
    seconds: { encode: embeddings.seconds, propagate },
    embeddingsFromCache: embeddings.fromCache,
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
