import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256Hex } from './sha256';
import { isAltered, PluginFiles } from './pluginFiles';

const WASM = new Uint8Array([0, 97, 115, 109]);

let server: Server;
let folder: string;
let content: Record<string, Uint8Array>;
beforeAll(async () => {
  server = createServer((request, response) => {
    const file = content[request.url!.slice('/plugin/'.length)];
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  folder = `http://127.0.0.1:${(server.address() as AddressInfo).port}/plugin/`;
});
afterAll(() => server.close());
beforeEach(() => (content = { 'wasm/a.wasm': WASM, 'thread.js': WASM }));

async function files(): Promise<PluginFiles> {
  const sha256 = await sha256Hex(WASM);
  return new PluginFiles(folder, { 'wasm/a.wasm': sha256, 'thread.js': sha256 });
}

describe('PluginFiles', () => {
  it('gives the bytes of a file that is as it was built', async () => {
    expect(await (await files()).bytes('wasm/a.wasm')).toEqual(WASM);
    await expect((await files()).checkAll()).resolves.toBeUndefined();
  });

  it('hands WebAssembly on as the bytes that were checked, and scripts by their URL', async () => {
    const url = await (await files()).url('wasm/a.wasm');
    content['wasm/a.wasm'] = new Uint8Array([1]);
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(WASM);
    URL.revokeObjectURL(url);
    expect(await (await files()).url('thread.js')).toBe(`${folder}thread.js`);
  });

  it.each(['wasm/a.wasm', 'thread.js'])('refuses an altered file by name: %s', async name => {
    content[name] = new Uint8Array([0, 97, 115, 110]);
    for (const attempt of ['bytes', 'url', 'checkAll'] as const) {
      const error = await (await files())[attempt](name).catch((refused: unknown) => refused);
      expect(error).toMatchObject({
        code: 'plugin-altered',
        message: expect.stringContaining(`The plug-in file ${name} was altered: its SHA-256 is `),
        remedy: expect.stringContaining('Copy the whole plug-in folder'),
      });
      expect(isAltered(error)).toBe(true);
    }
  });

  it('says what is missing, which is no alteration', async () => {
    delete content['thread.js'];
    const error = await (await files()).bytes('thread.js').catch((refused: unknown) => refused);
    expect(error).toMatchObject({
      code: 'backend-unusable',
      message: 'The plug-in file thread.js could not be loaded: the server answered 404.',
      remedy: expect.stringContaining('Copy the whole plug-in folder'),
    });
    expect(isAltered(error)).toBe(false);
  });

  it('says to look at the connection when there is none', async () => {
    const closed = createServer();
    await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise(resolve => closed.close(resolve));
    const nowhere = new PluginFiles(`http://127.0.0.1:${port}/plugin/`, { 'thread.js': '' });
    await expect(nowhere.bytes('thread.js')).rejects.toMatchObject({
      code: 'backend-unusable',
      message: expect.stringMatching(/^The plug-in file thread.js could not be loaded: .+\.$/),
      remedy: 'Check the connection to the server, then try again.',
    });
  });
});
