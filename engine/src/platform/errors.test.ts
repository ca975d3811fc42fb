import { orCancelled } from './errors';

describe('orCancelled', () => {
  it('gives what is waited for', async () => {
    const { signal } = new AbortController();
    expect(await orCancelled(Promise.resolve(3), signal)).toBe(3);
    await expect(orCancelled(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('does not wait for what never comes once it is cancelled', async () => {
    const controller = new AbortController();
    const waited = orCancelled(new Promise(() => undefined), controller.signal);
    controller.abort();
    await expect(waited).rejects.toMatchObject({ code: 'cancelled' });
    const late = orCancelled(new Promise(() => undefined), controller.signal);
    await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves no failure unheard that comes after it was cancelled', async () => {
    const unheard = jest.fn();
    process.on('unhandledRejection', unheard);
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const waited = orCancelled(new Promise((_, reject) => (fail = reject)), controller.signal);
    controller.abort();
    await expect(waited).rejects.toMatchObject({ code: 'cancelled' });
    fail(new Error('too late'));
    await new Promise(resolve => setTimeout(resolve));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });
});
