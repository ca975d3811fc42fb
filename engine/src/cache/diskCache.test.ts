import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultCacheFolder, DiskCache } from './diskCache';

const KEYS = ['a', 'b', 'c'].map(letter => letter.repeat(64));
const [A, B, C] = KEYS;
const embedding = (value: number) => new Uint16Array(1000).fill(value);
const FILE_BYTES = 2040;

describe('DiskCache', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'embeddings-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives an embedding back to a later process', async () => {
    await new DiskCache(path.join(folder, 'deep', 'er')).put(A, embedding(1));
    const later = new DiskCache(path.join(folder, 'deep', 'er'));
    expect(await later.get(A)).toEqual(embedding(1));
    expect(await later.get(B)).toBeNull();
  });

  it('forgets an altered file instead of using it', async () => {
    const cache = new DiskCache(folder);
    await cache.put(A, embedding(1));
    const file = path.join(folder, `${A}.embedding`);
    const bytes = await readFile(file);
    bytes[100] ^= 255;
    await writeFile(file, bytes);
    expect(await cache.get(A)).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('evicts the least recently used, and nothing that is not its own', async () => {
    const cache = new DiskCache(folder, 2 * FILE_BYTES);
    await writeFile(path.join(folder, 'thesis.doc'), new Uint8Array(10 * FILE_BYTES));
    for (const [i, key] of [A, B].entries()) {
      await cache.put(key, embedding(i));
      const past = new Date(2020, 0, 1 + i);
      await utimes(path.join(folder, `${key}.embedding`), past, past);
    }
    await cache.get(A);
    await cache.put(C, embedding(3));
    expect((await readdir(folder)).sort()).toEqual([
      `${A}.embedding`,
      `${C}.embedding`,
      'thesis.doc',
    ]);
  });

  it('says how much it keeps, and clears that and nothing else', async () => {
    const cache = new DiskCache(folder, 10 * FILE_BYTES);
    await writeFile(path.join(folder, 'thesis.doc'), 'mine');
    await cache.put(A, embedding(1));
    await cache.put(B, embedding(2));
    const kept = { files: 2, bytes: 2 * FILE_BYTES, limitBytes: 10 * FILE_BYTES };
    expect(await cache.size()).toEqual(kept);
    expect(await cache.clear()).toEqual(kept);
    expect(await readdir(folder)).toEqual(['thesis.doc']);
    expect((await new DiskCache(path.join(folder, 'none')).clear()).files).toBe(0);
  });

  it('stays below its limit over many writes', async () => {
    const cache = new DiskCache(folder, 20 * FILE_BYTES);
    for (let i = 0; i < 40; i++) {
      await cache.put(i.toString(16).padStart(64, '0'), embedding(i));
      expect((await cache.size()).bytes).toBeLessThanOrEqual(20 * FILE_BYTES);
    }
    expect((await cache.size()).files).toBe(20);
  });

  it('lets only the owner read, where the system knows owners', async () => {
    if (process.platform === 'win32') return;
    await new DiskCache(folder).put(A, embedding(1));
    expect((await stat(path.join(folder, `${A}.embedding`))).mode & 0o077).toBe(0);
  });

  it('never fails a run when the folder cannot be used', async () => {
    const file = path.join(folder, 'a file');
    await writeFile(file, '');
    const cache = new DiskCache(file);
    await cache.put(A, embedding(1));
    expect(await cache.get(A)).toBeNull();
  });
});

describe('defaultCacheFolder', () => {
  it('follows each system', () => {
    expect(defaultCacheFolder('linux', { XDG_CACHE_HOME: '/c' })).toBe(
      path.join('/c', 'fewshot-sam', 'embeddings'),
    );
    expect(defaultCacheFolder('win32', { LOCALAPPDATA: 'L' })).toContain(
      path.join('L', 'fewshot-sam'),
    );
    expect(defaultCacheFolder('darwin', {})).toContain(path.join('Library', 'Caches'));
  });
});
