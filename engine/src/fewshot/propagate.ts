import type { EmbeddingCache } from '../cache/embeddingCache';
import { throwIfCancelled } from '../errors';
import { logitsToSlice, maskToLowRes } from '../image/encoderFrame';
import { resolveWindow } from '../image/window';
import { phaseReporter, type OnProgress } from '../progress';
import type { ImageEncoder } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';
import { checkJob } from './checkJob';
import { checkResult } from './checkResult';
import type { DecoderEngine } from './decoderEngine';
import { Embeddings } from './embeddings';
import { createSegmenter } from './createSegmenter';
import { fit, type Shot } from './fit';
import type { FewshotJob, FewshotResult, PropagatedSlice } from './job';
import { segmented } from './segmented';

/** What computes a propagation. */
export interface PropagateParts {
  encoder: ImageEncoder;
  /** Of the encoder's weights: part of every cache key. */
  modelSha256: string;
  /** SAM's mask decoder, see `parseSafetensors`. */
  weights: Weights;
  /** By default TensorFlow.js, which then must have been started: see `selectBackend`. */
  decoders?: DecoderEngine;
  cache?: EmbeddingCache;
}

/**
 * With one, what is learned depends on which slice came last and on the last digits of the weights: the
 * aorta of `ct2`, five outlines, three seeds, IoU 0.75 to 0.83; with two 0.84 to 0.86, in twice the time.
 */
const SHOTS_PER_ITERATION = 2;

export interface PropagateOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
}

/**
 * Learns a structure from its labelled slices and segments the others: the method of Xie et al.
 *
 * Phase `encode` embeds the labelled slices, `fit` trains on them, `propagate` embeds and segments
 * one wanted slice after the other, so that memory does not grow with the series.
 *
 * @throws FewshotError `bad-input` (see `checkJob`), `bad-result` when the output is not a number,
 *   constant or empty everywhere, `cancelled`
 */
export async function propagate(
  job: FewshotJob,
  { encoder, modelSha256, weights, decoders, cache }: PropagateParts,
  { signal, onProgress }: PropagateOptions = {},
): Promise<FewshotResult> {
  throwIfCancelled(signal);
  const wanted = checkJob(job);
  const embeddings = new Embeddings(
    encoder,
    modelSha256,
    resolveWindow(job.window, job.slices),
    cache,
  );
  const shots = await encodeShots(job, embeddings, signal, onProgress);

  const fitStart = performance.now();
  const fitted = await fit(weights, shots, {
    iterations: job.iterations,
    initialization: job.initialization,
    seed: job.seed,
    shotsPerIteration: SHOTS_PER_ITERATION,
    engine: decoders,
    signal,
    onProgress,
  });
  const fitSeconds = secondsSince(fitStart);

  const segmenter = await createSegmenter(fitted, decoders);
  const slices: PropagatedSlice[] = [];
  let segmentSeconds = 0;
  try {
    const report = phaseReporter('propagate', wanted.length, onProgress);
    report(0);
    for (const slice of wanted) {
      throwIfCancelled(signal);
      const { embedding, frame } = await embeddings.of(slice);
      throwIfCancelled(signal);
      const start = performance.now();
      const logits = logitsToSlice(await segmenter.logits(embedding), frame);
      slices.push(segmented(slice.index, logits));
      segmentSeconds += secondsSince(start);
      report(slices.length);
    }
  } finally {
    segmenter.dispose();
  }
  checkResult(slices);
  return {
    slices,
    iterations: fitted.iterations,
    losses: fitted.losses,
    seconds: { encode: embeddings.seconds, fit: fitSeconds, propagate: segmentSeconds },
    embeddingsFromCache: embeddings.fromCache,
  };
}

async function encodeShots(
  { slices, labels }: FewshotJob,
  embeddings: Embeddings,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<Shot[]> {
  const shots: Shot[] = [];
  const report = phaseReporter('encode', labels.size, onProgress);
  report(0);
  for (const slice of slices) {
    const mask = labels.get(slice.index);
    if (!mask) continue;
    throwIfCancelled(signal);
    const { embedding, frame } = await embeddings.of(slice);
    throwIfCancelled(signal);
    shots.push({ embedding, ...maskToLowRes(mask, frame) });
    report(shots.length);
  }
  return shots;
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
