import type { DecoderEngine, Decoders } from './decoderEngine';

/**
 * Creates an engine that starts on first use, for methods that may never need it. A failed start is retried
 * on the next use.
 *
 * @param start if it throws, `train` and `segmenter` throw the same error
 */
export function startedOnDemand(start: () => Promise<DecoderEngine>): Decoders {
  let started: Promise<DecoderEngine> | null = null;
  const engine = () => {
    started ??= start().catch((error: unknown) => {
      started = null;
      throw error;
    });
    return started;
  };
  return {
    train: async (...args) => (await engine()).train(...args),
    segmenter: async (...args) => (await engine()).segmenter(...args),
  };
}
