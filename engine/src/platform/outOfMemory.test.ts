import { isOutOfMemory, outOfMemory } from './outOfMemory';

/** What the engine itself throws when it cannot give so much. */
function thrownBy(allocate: () => unknown): unknown {
  try {
    allocate();
  } catch (error) {
    return error;
  }
  throw new Error('there was room');
}

describe('want of memory', () => {
  it.each([
    ['an array buffer', thrownBy(() => new ArrayBuffer(2 ** 50))],
    ['an array', thrownBy(() => new Float32Array(2 ** 45))],
    ['memory of WebAssembly', thrownBy(() => new WebAssembly.Memory({ initial: 1 }).grow(2 ** 16))],
    ['a runtime of its own', new Error("Can't create a session. failed to allocate a buffer")],
  ])('is known by what it throws: %s', (_, error) => {
    expect(isOutOfMemory(error)).toBe(true);
    expect(outOfMemory(error)).toMatchObject({
      code: 'worker-lost',
      message: expect.stringMatching(/^The browser ran out of memory \(.+\)\.$/),
      remedy: expect.stringContaining('Close other tabs or choose fewer slices'),
    });
  });

  it('is nothing else', () => {
    expect(isOutOfMemory(new Error('no such file'))).toBe(false);
    expect(isOutOfMemory('no such file')).toBe(false);
  });
});
