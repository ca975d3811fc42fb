import { GpuLoss } from './gpuLoss';

/** A device whose loss the test decides. */
function deviceToLose() {
  let lose: (info: GPUDeviceLostInfo) => void = () => undefined;
  const lost = new Promise<GPUDeviceLostInfo>(resolve => (lose = resolve));
  const info = { message: 'the driver was reset', reason: 'unknown' } as GPUDeviceLostInfo;
  return { device: { lost }, lose: () => lose(info) };
}

const LOST = { code: 'gpu-lost', message: 'The GPU stopped (the driver was reset).' };

describe('GpuLoss', () => {
  it('gives what the work gives', async () => {
    const loss = new GpuLoss(deviceToLose().device);
    expect(await loss.during(async () => 5)).toBe(5);
    expect(await loss.during(async () => null)).toBeNull();
  });

  it('ends work that would wait for ever, and refuses what comes later', async () => {
    const { device, lose } = deviceToLose();
    const loss = new GpuLoss(device);
    const waiting = loss.during(() => new Promise(() => undefined));
    lose();
    await expect(waiting).rejects.toMatchObject(LOST);
    const later = jest.fn();
    await expect(loss.during(later)).rejects.toMatchObject(LOST);
    expect(later).not.toHaveBeenCalled();
  });

  it('names the loss when the work fails of it before the news has come', async () => {
    const { device, lose } = deviceToLose();
    const failing = new GpuLoss(device).during(() => Promise.reject(new Error('mapAsync failed')));
    setTimeout(lose, 20);
    await expect(failing).rejects.toMatchObject({ ...LOST, cause: new Error('mapAsync failed') });
  });

  it('leaves other errors as they are', async () => {
    const loss = new GpuLoss(deviceToLose().device);
    const error = new Error('no such input');
    await expect(loss.during(() => Promise.reject(error))).rejects.toBe(error);
  });
});
