import { gpuLost, outOfMemory } from 'fewshot-sam';
import { GpuLosses } from './gpuLosses';
import type { WorkerSetup } from './protocol';

const setup: WorkerSetup = { modelUrl: '/model/', wasmUrl: '/wasm/', prefer: 'auto' };
const ready = { model: 'MobileSAM', device: 'CPU, 2 threads' };

describe('GpuLosses', () => {
  it('tries the GPU again after it was lost once', () => {
    const losses = new GpuLosses();
    const error = gpuLost('driver reset');
    expect(losses.note(error)).toBe(error);
    expect(error.remedy).toContain('Try again');
    expect(losses.setup(setup)).toEqual(setup);
  });

  it('leaves it for the CPU after the second time, and says so', () => {
    const losses = new GpuLosses();
    losses.note(gpuLost('driver reset'));
    expect(losses.note(gpuLost('driver reset'))).toMatchObject({
      code: 'gpu-lost',
      message: 'The GPU stopped (driver reset).',
      remedy: expect.stringContaining('the CPU computes until the page is reloaded'),
    });
    expect(losses.setup(setup)).toEqual({ ...setup, prefer: 'wasm' });
    expect(losses.describe(ready).device).toBe('CPU, 2 threads (the GPU failed twice)');
  });

  it('does not count other failures', () => {
    const losses = new GpuLosses();
    const error = outOfMemory(new RangeError('no memory'));
    for (let i = 0; i < 3; i++) expect(losses.note(error)).toBe(error);
    expect(losses.setup(setup)).toEqual(setup);
    expect(losses.describe(ready)).toEqual(ready);
  });
});
