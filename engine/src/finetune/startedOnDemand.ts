import type { DecoderEngine, Decoders } from './decoderEngine';

/**
 * An engine that is started when it is first used, for methods that may never use it. What fails to
 * start is tried again at the next use.
 *
 * @param start may throw; so do `train` and `segmenter` then
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
