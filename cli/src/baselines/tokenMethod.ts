import {
  type Method,
  type MethodJob,
  phaseReporter,
  type PropagatedSlice,
  resolveWindow,
  throwIfCancelled,
} from 'fewshot-sam';
import {
  EMBEDDING_SIZE,
  Embeddings,
  logitsToSlice,
  maskToLowRes,
  segmented,
  tokenCoverage,
} from 'fewshot-sam/compute';
import { tokensToLowRes } from './tokensToLowRes';
import { wantedSlices } from './wantedSlices';

/** One labelled slice as image tokens. */
export interface LabelledTokens {
  /** [channels, tokens] */
  embedding: Float32Array;
  /** [tokens] share of each token's area that is foreground, 0..1. */
  coverage: Float32Array;
  /** [tokens] share of each token's area that holds image, 0..1; at least the coverage. */
  valid: Float32Array;
}

/** What was learned from the labelled slices. */
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
  shots: readonly LabelledTokens[],
  options: LearnOptions,
) => Promise<TokenClassifier>;

/**
 * Makes a method that judges each image token by its own embedding: what learning on SAM's frozen
 * features gives without SAM's decoder.
 */
export function tokenMethod(learn: LearnTokens): Method {
  return async (job, { encoder, modelSha256, cache }, { signal, onProgress } = {}) => {
    throwIfCancelled(signal);
    const wanted = wantedSlices(job);
    const embeddingsOf = ({ slices, window }: Pick<MethodJob, 'slices' | 'window'>) =>
      new Embeddings(encoder, modelSha256, resolveWindow(window, slices), cache);
    const known = embeddingsOf(job);
    const unknown = job.test ? embeddingsOf(job.test) : known;

    const shots: LabelledTokens[] = [];
    const reportEncode = phaseReporter('encode', job.labels.size, onProgress);
    reportEncode(0);
    for (const slice of job.slices) {
      const mask = job.labels.get(slice.index);
      if (!mask) continue;
      throwIfCancelled(signal);
      const { embedding, frame } = await known.of(slice);
      const { coverage, valid } = maskToLowRes(mask, frame);
      shots.push({
        embedding,
        coverage: tokenCoverage(coverage, EMBEDDING_SIZE),
        valid: tokenCoverage(valid, EMBEDDING_SIZE),
      });
      reportEncode(shots.length);
    }

    throwIfCancelled(signal);
    const fitStart = performance.now();
    let reportFit: ((done: number) => void) | undefined;
    const classifier = await learn(shots, {
      signal,
      onStep: (done, total) => (reportFit ??= phaseReporter('fit', total, onProgress))(done),
    });
    const fitSeconds = secondsSince(fitStart);
    throwIfCancelled(signal);

    const slices: PropagatedSlice[] = [];
    let segmentSeconds = 0;
    const reportPropagate = phaseReporter('propagate', wanted.length, onProgress);
    reportPropagate(0);
    for (const slice of wanted) {
      throwIfCancelled(signal);
      const { embedding, frame } = await unknown.of(slice);
      const start = performance.now();
      const lowRes = tokensToLowRes(classifier.logits(embedding), frame);
      slices.push(segmented(slice.index, logitsToSlice(lowRes, frame)));
      segmentSeconds += secondsSince(start);
      reportPropagate(slices.length);
    }
    throwIfCancelled(signal);
    const sum = (of: (embeddings: Embeddings) => number) =>
      unknown === known ? of(known) : of(known) + of(unknown);
    return {
      slices,
      iterations: classifier.losses.length,
      losses: classifier.losses,
      seconds: {
        encode: sum(({ seconds }) => seconds),
        fit: fitSeconds,
        propagate: segmentSeconds,
      },
      embeddingsFromCache: sum(({ fromCache }) => fromCache),
    };
  };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
