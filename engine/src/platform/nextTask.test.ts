import { nextTask } from './nextTask';

describe('nextTask', () => {
  const immediate = globalThis.setImmediate;
  afterEach(() => {
    globalThis.setImmediate = immediate;
  });

  it.each([
    ['in Node', true],
    ['in a browser', false],
  ])('lets a message in %s', async (_, hasImmediate) => {
    if (!hasImmediate) Reflect.deleteProperty(globalThis, 'setImmediate');
    const { port1, port2 } = new MessageChannel();
    let heard = false;
    port1.onmessage = () => (heard = true);
    port2.postMessage(null);
    for (let i = 0; i < 20 && !heard; i++) await nextTask();
    port1.close();
    expect(heard).toBe(true);
  });
});
