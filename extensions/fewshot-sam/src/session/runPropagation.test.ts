import type { FewshotResult } from 'fewshot-sam';
import {
  checkMasks,
  runPropagation,
  type PropagationParts,
  type StructureInput,
} from './runPropagation';

const structure: StructureInput = {
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

it('refuses a result that misses a slice or has another size', () => {
  const slice = (index: number, size = 4) =>
    ({ index, mask: new Uint8Array(size) }) as FewshotResult['slices'][number];
  const check =
    (...slices: FewshotResult['slices']) =>
    () =>
      checkMasks({ slices }, [1, 2], 4, 'Liver');
  expect(check(slice(1), slice(2))).not.toThrow();
  expect(check(slice(0), slice(1), slice(2))).not.toThrow();
  expect(check(slice(1))).toThrow('The result for Liver is incomplete.');
  expect(check(slice(1), slice(2, 5))).toThrow('The result for Liver is incomplete.');
});
