import type { DecoderEngine, SegmentingDecoder } from './decoderEngine';
import { startedOnDemand } from './startedOnDemand';

const fitted = { weights: new Map(), targetEmbeddings: new Float32Array() };
const decoder: SegmentingDecoder = {
  logits: async () => new Float32Array(),
  dispose: () => undefined,
};
const engine: DecoderEngine = {
  description: 'test',
  train: () => Promise.reject(new Error('not here')),
  segmenter: async () => decoder,
};

describe('startedOnDemand', () => {
  it('starts once, on first use', async () => {
    const start = jest.fn(async () => engine);
    const { segmenter } = startedOnDemand(start);
    expect(start).not.toHaveBeenCalled();
    expect(await Promise.all([segmenter(fitted), segmenter(fitted)])).toEqual([decoder, decoder]);
    expect(start).toHaveBeenCalledTimes(1);
  });

  it('reports a failed start, and retries on next use', async () => {
    const start = jest.fn(async () => engine).mockRejectedValueOnce(new Error('no memory'));
    const { segmenter } = startedOnDemand(start);
    await expect(segmenter(fitted)).rejects.toThrow('no memory');
    expect(await segmenter(fitted)).toBe(decoder);
  });
});
