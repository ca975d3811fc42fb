/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** In a file of its own, because TensorFlow.js starts wasm once per process. */
import { selectBackend } from './selectBackend';

describe('selectBackend without the WebAssembly files', () => {
  it('says where to look', async () => {
    jest.spyOn(console, 'warn').mockImplementation(); // tfjs tells it at length.
    await expect(selectBackend({ wasmPath: '/nowhere' })).rejects.toMatchObject({
      name: 'FewshotError',
      code: 'backend-unusable',
      message: 'Learning could not start on wasm: TensorFlow.js could not start.',
      remedy: expect.stringContaining('Check that the wasm folder is served'),
    });
    jest.restoreAllMocks();
  });
});
