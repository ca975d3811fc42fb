import { runPropagation, type PropagationParts, type Structure } from './runPropagation';

const structure: Structure = {
  ...{ segmentIndex: 1, label: 'Liver', color: [1, 2, 3] },
  labels: new Map([0, 2].map(slice => [slice, Uint8Array.of(1, 0)])),
  targets: [1],
};

it('ends at once when it is cancelled, though an image never comes', async () => {
  const controller = new AbortController();
  const parts: PropagationParts = {
    loadSlice: () => new Promise(() => undefined),
    loadModel: async () => undefined,
    propagate: () => Promise.reject(new Error('not reached')),
    pictures: () => [],
  };
  const common = { window: { kind: 'clip', low: 0, high: 1 } as const, sliceSpacing: 1 };
  const running = runPropagation([structure], common, parts, controller.signal, () => undefined);
  await new Promise(resolve => setTimeout(resolve, 10));
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
});
