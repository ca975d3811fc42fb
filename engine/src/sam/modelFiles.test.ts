import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Progress } from '../platform/progress';
import { checkManifest, loadManifest, loadModelFile, type ModelManifest } from './modelFiles';
import { fetchModelFolder } from './modelFilesFetch';
import { readModelFolder } from './modelFilesNode';

const encoder = new Uint8Array(300_000).map((_, i) => i * 7);

const manifest: ModelManifest = {
  id: 'mobile-sam',
  name: 'MobileSAM',
  version: '1',
  licence: 'Apache-2.0',
  source: 'a test',
  files: {
    encoder: {
      path: 'encoder.onnx',
      size: encoder.length,
      sha256: createHash('sha256').update(encoder).digest('hex'),
    },
    encoderWeights: { path: 'encoder.safetensors', size: 5, sha256: '1'.repeat(64) },
    decoder: { path: 'decoder.safetensors', size: 3, sha256: '0'.repeat(64) },
  },
};

describe('from a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'model-'));
    await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    await writeFile(path.join(folder, 'encoder.onnx'), encoder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('loads a file that is what the manifest says and reports its bytes', async () => {
    const read = readModelFolder(folder);
    const events: Progress[] = [];
    const bytes = await loadModelFile(await loadManifest(read), 'encoder', read, event =>
      events.push(event),
    );
    expect(bytes).toEqual(encoder);
    expect(events[0]).toMatchObject({ phase: 'model', done: 0, total: encoder.length });
    expect(events.at(-1)).toMatchObject({ done: encoder.length, etaSeconds: 0 });
  });

  it('says which file is missing and how to get it', async () => {
    await expect(loadModelFile(manifest, 'decoder', readModelFolder(folder))).rejects.toMatchObject(
      {
        code: 'model-missing',
        message: expect.stringMatching(/decoder\.safetensors cannot be read \(ENOENT\)/),
        remedy: expect.stringContaining('npm run setup'),
      },
    );
  });

  it('refuses a truncated file', async () => {
    await writeFile(path.join(folder, 'encoder.onnx'), encoder.subarray(0, 1000));
    await expect(loadModelFile(manifest, 'encoder', readModelFolder(folder))).rejects.toMatchObject(
      {
        code: 'model-altered',
        message: 'The model file encoder.onnx has 1000 bytes instead of 300000.',
      },
    );
  });

  it('refuses a file with one changed bit', async () => {
    const altered = Uint8Array.from(encoder);
    altered[123_456] ^= 1;
    await writeFile(path.join(folder, 'encoder.onnx'), altered);
    await expect(loadModelFile(manifest, 'encoder', readModelFolder(folder))).rejects.toMatchObject(
      {
        code: 'model-altered',
        message: expect.stringContaining(manifest.files.encoder.sha256),
      },
    );
  });

  it('stops when it is cancelled while reading', async () => {
    const abort = new AbortController();
    const loading = loadModelFile(
      manifest,
      'encoder',
      readModelFolder(folder),
      () => abort.abort(),
      abort.signal,
    );
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('refuses a manifest that is not JSON', async () => {
    await writeFile(path.join(folder, 'manifest.json'), '<!doctype html>');
    await expect(loadManifest(readModelFolder(folder))).rejects.toMatchObject({
      code: 'model-altered',
    });
  });
});

describe('checkManifest', () => {
  const withEncoder = (change: object) => ({
    ...manifest,
    files: { ...manifest.files, encoder: { ...manifest.files.encoder, ...change } },
  });

  it.each([
    ['null', null, 'id'],
    ['no name', { ...manifest, name: undefined }, 'name'],
    ['no files', { ...manifest, files: undefined }, 'files.encoder.path'],
    ['a path out of the folder', withEncoder({ path: '../secret' }), 'files.encoder.path'],
    ['an absolute path', withEncoder({ path: '/etc/passwd' }), 'files.encoder.path'],
    ['another origin', withEncoder({ path: 'https://a.example/b' }), 'files.encoder.path'],
    ['a size of 0', withEncoder({ size: 0 }), 'files.encoder.size'],
    ['a short hash', withEncoder({ sha256: 'abc' }), 'files.encoder.sha256'],
  ])('refuses %s', (_, content, field) => {
    expect(() => checkManifest(content)).toThrow(`no valid \`${field}\``);
  });
});

describe('over HTTP', () => {
  let server: Server;
  let base: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/models/encoder.onnx') {
        response.end(Buffer.from(encoder));
      } else if (request.url === '/models/decoder.safetensors') {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end('<!doctype html><title>Viewer</title>');
      } else {
        response.statusCode = request.url === '/private/encoder.onnx' ? 401 : 404;
        response.end();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  it('loads a file and counts its bytes', async () => {
    const events: Progress[] = [];
    const read = fetchModelFolder(`${base}models/`);
    expect(await loadModelFile(manifest, 'encoder', read, event => events.push(event))).toEqual(
      encoder,
    );
    expect(events.at(-1)!.done).toBe(encoder.length);
  });

  it('tells a missing file, a refused one and a start page apart', async () => {
    const load = (folder: string, part: 'encoder' | 'decoder') =>
      loadModelFile(manifest, part, fetchModelFolder(`${base}${folder}/`));
    await expect(load('elsewhere', 'encoder')).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('answered 404'),
    });
    await expect(load('private', 'encoder')).rejects.toMatchObject({
      message: expect.stringContaining('answered 401'),
      remedy: expect.stringContaining('Sign in'),
    });
    await expect(load('models', 'decoder')).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('a web page instead'),
    });
  });

  it('says so when the server cannot be reached', async () => {
    // Port 9 (discard) is closed here as on any ordinary machine.
    const read = fetchModelFolder('http://127.0.0.1:9/models/');
    await expect(loadModelFile(manifest, 'encoder', read)).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('could not be fetched'),
      remedy: expect.stringContaining('connection'),
    });
  });
});
