import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import type { FittedDecoder } from './decoderEngine';
import { programEngine } from './programEngine';

describe('a segmenter whose program cannot start', () => {
  it('rejects, and leaves no unhandled rejection when disposed', async () => {
    const unheard = jest.fn();
    process.on('unhandledRejection', unheard);
    const fitted = { weights: new Map(), targetEmbeddings: new Float32Array() };
    const engine = programEngine('lost', () => Promise.reject(new Error('The GPU stopped.')));
    const segmenter = await engine.segmenter(fitted as unknown as FittedDecoder);
    const embedding = new Float32Array(EMBEDDING_CHANNELS * 4);
    await expect(segmenter.logits(embedding)).rejects.toThrow();
    segmenter.dispose();
    await new Promise(resolve => setTimeout(resolve));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });
});
